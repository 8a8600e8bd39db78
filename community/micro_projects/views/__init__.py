"""The pages of projects, split by business word; importing a file puts its pages in place."""

from community.micro_projects.views import closing_desk, contract_desk
from community.micro_projects.views.award_links import AWARD_DESK
from community.micro_projects.views.award_rules import desk_tender_rules
from community.micro_projects.views.awards import award_list
from community.micro_projects.views.bids import my_bids
from community.micro_projects.views.blueprint import views
from community.micro_projects.views.contract_pages import delivery
from community.micro_projects.views.deliveries import deliveries
from community.micro_projects.views.due import our_work
from community.micro_projects.views.evaluation import evaluation
from community.micro_projects.views.marking import seats
from community.micro_projects.views.open_data import open_data
from community.micro_projects.views.project_deciding import project_rules
from community.micro_projects.views.project_desk import desk_projects
from community.micro_projects.views.project_funding import take_pledge
from community.micro_projects.views.project_links import PROJECT_DESK
from community.micro_projects.views.projects import projects
from community.micro_projects.views.proposing import new_project
from community.micro_projects.views.search import search_projects
from community.micro_projects.views.small_awards import direct_award
from community.micro_projects.views.supplier_desk import desk_suppliers
from community.micro_projects.views.suppliers import supplier_list
from community.micro_projects.views.supporting import endorse_project
from community.micro_projects.views.tender_desk import desk_tenders
from community.micro_projects.views.tender_links import TENDER_DESK
from community.micro_projects.views.tenders import tenders
from community.micro_projects.views.venture_desk import desk_calls
from community.micro_projects.views.venture_links import VENTURE_DESK
from community.micro_projects.views.venture_lots import offer_to_judge
from community.micro_projects.views.venture_pages import calls
from community.micro_projects.views.venture_record import new_paper_application
from community.micro_projects.views.venture_succession import name_successors
from community.micro_projects.views.venture_words import call_tag
from community.web.layout import DeskLink

# Each part adds its own line of links to the desk.
DESK: tuple[DeskLink, ...] = (
    *PROJECT_DESK,
    *VENTURE_DESK,
    *TENDER_DESK,
    *AWARD_DESK,
    *contract_desk.DESK,
    *closing_desk.DESK,
)

__all__ = [
    "DESK",
    "award_list",
    "call_tag",
    "calls",
    "deliveries",
    "delivery",
    "desk_calls",
    "desk_projects",
    "desk_suppliers",
    "desk_tender_rules",
    "desk_tenders",
    "direct_award",
    "endorse_project",
    "evaluation",
    "my_bids",
    "name_successors",
    "new_paper_application",
    "new_project",
    "offer_to_judge",
    "open_data",
    "our_work",
    "project_rules",
    "projects",
    "search_projects",
    "seats",
    "supplier_list",
    "take_pledge",
    "tenders",
    "views",
]
