"""Who may look at projects, propose, run them, and review them for the street."""

from __future__ import annotations

from community.kernel.errors import N_
from community.kernel.permissions import Role, permission

SEE = permission(
    "micro_projects.see", N_("查看民生微实事项目"), Role.RESIDENT, Role.ORGANIZATION, Role.AUDITOR
)
PROPOSE = permission("micro_projects.propose", N_("提出、附议和认筹项目"), Role.RESIDENT)
READ = permission(
    "micro_projects.read", N_("查看项目工作台"), Role.STAFF, Role.STREET, Role.AUDITOR
)
RUN = permission("micro_projects.run", N_("核对、测算和推进项目（项目专员）"), Role.STAFF)
REVIEW = permission(
    "micro_projects.review", N_("审核项目，安排年度额度，拨付财政资金"), Role.STREET
)
PREPARE_TENDER = permission(
    "micro_projects.prepare_tender", N_("起草、发布和更正招标，答复提问"), Role.STAFF
)
CHECK_TENDER = permission(
    "micro_projects.check_tender",
    N_("招标文件合规审查（起草人不能审自己的）"),
    Role.STAFF,
    Role.STREET,
)
OPEN_TENDER = permission("micro_projects.open_tender", N_("截止后主持开标"), Role.STAFF)
BID = permission("micro_projects.bid", N_("代表本单位提问和投标"), Role.ORGANIZATION)
SET_TENDER_RULES = permission(
    "micro_projects.set_tender_rules", N_("设定采购方式、评审和公示的规则"), Role.STREET
)

KEEP_SUPPLIERS = permission(
    "micro_projects.keep_suppliers", N_("登记单位，核对证照和单位人员"), Role.STAFF
)
SUSPEND = permission(
    "micro_projects.suspend", N_("暂停单位承接项目的资格"), Role.STAFF, Role.STREET
)
SUPPLY = permission(
    "micro_projects.supply",
    N_("以单位人员身份登记、申诉和说明报价"),
    Role.RESIDENT,
    Role.ORGANIZATION,
)
AWARD = permission("micro_projects.award", N_("审查投标，抽取评委，公示和确定中选单位"), Role.STAFF)
SCORE = permission("micro_projects.score", N_("担任评委，给投标打分"), Role.RESIDENT)
OBJECT = permission(
    "micro_projects.object", N_("对中选结果提出异议和投诉"), Role.RESIDENT, Role.ORGANIZATION
)

KEEP_CALLS = permission(
    "micro_projects.keep_calls", N_("起草公益创投征集，审查申报，组织评审"), Role.STAFF
)
PUBLISH_CALL = permission(
    "micro_projects.publish_call", N_("发布公益创投征集（起草人不能发布自己的）"), Role.STREET
)
APPLY = permission(
    "micro_projects.apply",
    N_("申报公益创投，为居民小组做依托单位，上报配套资金"),
    Role.RESIDENT,
    Role.ORGANIZATION,
)

# Who checks, costs and runs projects, and is told when one waits.
OFFICER = Role.STAFF
REVIEWER = Role.STREET

CONTRACT = permission("micro_projects.contract", N_("签合同，组织验收、评价和结项"), Role.STAFF)
APPROVE_CHANGE = permission(
    "micro_projects.approve_change", N_("批准他人提出的合同变更"), Role.STAFF, Role.STREET
)
END_CONTRACT = permission(
    "micro_projects.end_contract", N_("终止合同，追回款项，办理年末结转"), Role.STAFF, Role.STREET
)
DELIVER = permission(
    "micro_projects.deliver",
    N_("以单位人员身份按合同提交成果，写监理意见"),
    Role.RESIDENT,
    Role.ORGANIZATION,
)
ACCEPT = permission("micro_projects.accept", N_("验收项目成果"), Role.STAFF, Role.STREET)
JUDGE = permission("micro_projects.judge", N_("抽查项目现场，评价项目"), Role.RESIDENT)
PREPARE_PAYMENT = permission("micro_projects.prepare_payment", N_("经办项目付款"), Role.STAFF)
CHECK_PAYMENT = permission(
    "micro_projects.check_payment", N_("复核并支付项目付款"), Role.STAFF, Role.STREET
)

CONTRACTS = (
    CONTRACT,
    APPROVE_CHANGE,
    END_CONTRACT,
    DELIVER,
    ACCEPT,
    JUDGE,
    PREPARE_PAYMENT,
    CHECK_PAYMENT,
)
ALL = (
    SEE,
    PROPOSE,
    READ,
    RUN,
    REVIEW,
    KEEP_SUPPLIERS,
    SUSPEND,
    SUPPLY,
    AWARD,
    SCORE,
    OBJECT,
    PREPARE_TENDER,
    CHECK_TENDER,
    OPEN_TENDER,
    BID,
    SET_TENDER_RULES,
    KEEP_CALLS,
    PUBLISH_CALL,
    APPLY,
    *CONTRACTS,
)
