"""Organisations in the register of a community, with what every kind of work asks of them."""

from __future__ import annotations

from sqlalchemy.orm import Session

from community.identity import models as identity_models
from community.identity.rules.credit_codes import check_digit
from community.kernel import db
from community.kernel.actor import Actor
from community.micro_projects.rules.projects import ProjectKind
from community.micro_projects.rules.suppliers import CertificateKind
from community.micro_projects.service.certificates import CertificateDraft, add_certificate
from community.micro_projects.service.suppliers import SupplierDraft, register_supplier

ALL_KINDS = tuple(ProjectKind)


def credit_code(number: int) -> str:
    """Invent a unified credit code with a right check digit."""
    first = f"91440300MA{number:07d}"
    return first + check_digit(first)


def register(community_id: int, firm: int) -> int:
    """Write an organisation that is at work here into the register, with what works need."""
    system, code = Actor.system(community_id), credit_code(firm)

    def give_code(session: Session, actor: Actor) -> None:
        session.get_one(identity_models.Organization, firm).credit_code = code

    db.write(give_code, system)
    draft = SupplierDraft(ALL_KINDS, "园艺、修缮和社区课程")
    made: int = db.write(register_supplier, system, draft, firm)
    for kind in (CertificateKind.LICENCE, CertificateKind.QUALIFICATION):
        db.write(add_certificate, system, made, CertificateDraft(kind, "证书"))
    return made
