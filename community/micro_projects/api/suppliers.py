"""API rows of the register."""

from __future__ import annotations

from community.micro_projects import permissions
from community.micro_projects.api.room import api
from community.micro_projects.queries import award_pages
from community.micro_projects.queries import suppliers as queries
from community.micro_projects.schemas import suppliers as schemas
from community.micro_projects.service import certificates, suppliers, suspensions

SEE, READ, KEEP = permissions.SEE, permissions.READ, permissions.KEEP_SUPPLIERS
SUPPLY, PROPOSE = permissions.SUPPLY, permissions.PROPOSE
ONE = "/suppliers/<int:supplier_id>"
SUSPENSION = "/suspensions/<int:suspension_id>"

api.show("/suppliers", award_pages.register, SEE)
api.show(ONE, award_pages.supplier_page, SEE)
api.show("/organizations/<int:organization_id>/awards", award_pages.awards_to, SEE)
api.show("/organizations/<int:organization_id>/work", award_pages.done_work, SEE)
api.show("/my-organization", queries.own_supplier, SUPPLY)
api.show("/my-organization/tenders", award_pages.fitting_tenders, SUPPLY)
api.show("/desk/suppliers", award_pages.desk_register, READ)

api.act("/suppliers", suppliers.register_supplier, KEEP, schemas.RegisterBody)
api.act("/my-organization", suppliers.apply_supplier, SUPPLY, schemas.SupplierBody)
api.act("/my-organization/change", suppliers.change_supplier, SUPPLY, schemas.SupplierBody)
api.act(f"{ONE}/admit", suppliers.admit_supplier, KEEP)
api.act(f"{ONE}/refuse", suppliers.refuse_supplier, KEEP, schemas.SupplierReasonBody)
api.act(f"{ONE}/staff", suppliers.employ_for_supplier, KEEP, schemas.PersonBody)
api.act(f"{ONE}/staff/<int:person_id>/dismiss", suppliers.dismiss_from_supplier, KEEP)
api.act(f"{ONE}/certificates", certificates.add_certificate, KEEP, schemas.CertificateBody)
api.act(
    "/my-organization/certificates",
    certificates.add_own_certificate,
    SUPPLY,
    schemas.CertificateBody,
)
api.act(
    "/certificates/<int:certificate_id>/check",
    certificates.check_certificate,
    KEEP,
    schemas.CheckBody,
)
api.act(f"{ONE}/suspend", suspensions.suspend_supplier, permissions.SUSPEND, schemas.SuspendBody)
api.act(f"{SUSPENSION}/appeal", suspensions.appeal_suspension, SUPPLY, schemas.AppealBody)
api.act(
    f"{SUSPENSION}/answer",
    suspensions.answer_appeal,
    permissions.REVIEW,
    schemas.AppealAnswerBody,
)
api.act("/conflicts", suspensions.declare_conflict, PROPOSE, schemas.ConflictBody)
api.act("/conflicts/<int:conflict_id>/end", suspensions.end_conflict, PROPOSE)
api.act(
    "/my-organization/conflicts",
    suspensions.declare_for_firm,
    SUPPLY,
    schemas.FirmConflictBody,
)
