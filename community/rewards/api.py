"""The API of rewards: the same commands and readings as the pages."""

from __future__ import annotations

from community.rewards import permissions, schemas
from community.rewards.queries import budget as budget_queries
from community.rewards.queries import catalogue as catalogue_queries
from community.rewards.queries import honours as honours_queries
from community.rewards.queries import redemptions as redemption_queries
from community.rewards.queries import settlements as settlement_queries
from community.rewards.service import (
    budget,
    catalogue,
    collecting,
    honours,
    redemptions,
    settlements,
)
from community.web.access import SIGNED_IN
from community.web.api import RoomApi

api = RoomApi("rewards", "Catalogue, redemptions, merchants, reward budget and honours.")

MANAGE, BUDGET, HONOURS = permissions.MANAGE, permissions.BUDGET, permissions.HONOURS
SEE_HONOURS = permissions.SEE_HONOURS

api.show("/items", catalogue_queries.catalogue, permissions.BROWSE, schemas.CategoryQuery)
api.show("/items/<int:item_id>", catalogue_queries.get_item, permissions.BROWSE)
api.show("/desk/items", catalogue_queries.all_items, permissions.READ)
api.show("/merchants", catalogue_queries.merchants, permissions.BROWSE)
api.show("/redemptions", redemption_queries.redemptions, permissions.READ, schemas.RedemptionsQuery)
api.show("/mine", redemption_queries.my_redemptions, permissions.REDEEM)
api.show("/redemptions/<int:redemption_id>", redemption_queries.get_redemption, SIGNED_IN)
api.show("/shop/collected", redemption_queries.collected_today, permissions.COLLECT)
api.show("/shop/sheets", settlement_queries.own_sheets, permissions.COLLECT)
api.show("/budget", budget_queries.reward_budget, permissions.READ, schemas.YearQuery)
api.show("/sheets", settlement_queries.sheets, permissions.READ)
api.show("/sheets/<int:sheet_id>", settlement_queries.get_sheet, permissions.READ)
api.show("/honours", honours_queries.honour_board, permissions.BROWSE)
api.show("/honours/mine", honours_queries.my_honours, permissions.BROWSE)
api.show("/honour-kinds", honours_queries.honour_kinds, permissions.BROWSE)
api.show(
    "/honour-kinds/<int:kind_id>/candidates", honours_queries.candidates, permissions.SEE_HONOURS
)

api.act("/items/<int:item_id>/redeem", redemptions.redeem, permissions.REDEEM, schemas.RedeemBody)
api.act(
    "/redemptions/<int:redemption_id>/cancel",
    redemptions.cancel_redemption,
    SIGNED_IN,
    schemas.ReasonBody,
)
api.act("/collect", collecting.collect_code, permissions.COLLECT, schemas.CollectBody)
api.act(
    "/redemptions/<int:redemption_id>/refund",
    collecting.refund_redemption,
    MANAGE,
    schemas.RefundBody,
)
api.act("/merchants", catalogue.add_merchant, MANAGE, schemas.NewMerchantBody)
api.act("/merchants/<int:merchant_id>", catalogue.change_merchant, MANAGE, schemas.MerchantBody)
api.act("/merchants/<int:merchant_id>/pause", catalogue.pause_merchant, MANAGE, schemas.PauseBody)
api.act("/desk/items", catalogue.add_item, MANAGE, schemas.ItemBody)
api.act("/desk/items/<int:item_id>", catalogue.change_item, MANAGE, schemas.ItemBody)
api.act("/desk/items/<int:item_id>/list", catalogue.list_item, MANAGE, schemas.ListBody)
api.act("/desk/items/<int:item_id>/stock", catalogue.change_stock, MANAGE, schemas.StockBody)
api.act("/desk/items/<int:item_id>/photo", catalogue.keep_item_photo, MANAGE, schemas.PhotoBody)
api.act("/payers", budget.add_payer, BUDGET, schemas.PayerBody)
api.act("/budget/fund", budget.fund_budget, BUDGET, schemas.FundBody)
api.act("/budget/return", budget.return_budget, BUDGET, schemas.FundBody)
api.act("/sheets", settlements.make_sheet, BUDGET, schemas.SheetBody)
api.act("/sheets/<int:sheet_id>/pay", settlements.pay_sheet, BUDGET, schemas.PayBody)
api.act("/sheets/<int:sheet_id>/withdraw", settlements.withdraw_sheet, BUDGET)
api.act("/honour-kinds", honours.add_honour_kind, HONOURS, schemas.HonourBody)
api.act("/honour-kinds/<int:kind_id>/propose", honours.propose_honour, HONOURS, schemas.ProposeBody)
api.act(
    "/honours/<int:honour_id>/answer", honours.answer_honour, permissions.BROWSE, schemas.AnswerBody
)
api.act("/honours/<int:honour_id>/decline", honours.decline_honour, permissions.BROWSE)
api.act("/honours/<int:honour_id>/decide", honours.decide_honour, HONOURS, schemas.DecideBody)
