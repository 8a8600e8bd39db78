"""API rows of statements, bank lines and closing periods."""

from __future__ import annotations

from community.trust_property import permissions
from community.trust_property.api.room import api
from community.trust_property.queries import bank as queries
from community.trust_property.queries import closing as closing_queries
from community.trust_property.queries import matching as matching_queries
from community.trust_property.schemas import bank as schemas
from community.trust_property.service import closing, matching, statements

READ, PREPARE = permissions.READ, permissions.PREPARE
FUND = "/funds/<int:fund_id>"
ACCOUNT = f"{FUND}/bank-accounts/<int:bank_account_id>"
STATEMENT = f"{FUND}/statements/<int:statement_id>"
LINE = f"{FUND}/bank-lines/<int:line_id>"
MATCH = f"{FUND}/bank-matches/<int:match_id>"

api.show(f"{FUND}/bank", queries.standings, READ)
api.show(f"{ACCOUNT}/statements", queries.statements_of, READ)
api.show(f"{ACCOUNT}/lines", queries.bank_lines, READ, schemas.LinesAsked)
api.show(STATEMENT, queries.get_statement, READ)
api.show(LINE, matching_queries.line_choices, READ, schemas.SeekAsked)
api.show(f"{FUND}/unexplained", matching_queries.waiting_matches, READ)
api.show(f"{MATCH}/offers", matching_queries.offers_to_explain, READ, schemas.SeekAsked)
api.show(f"{FUND}/closing", closing_queries.closing, READ, schemas.ClosingAsked)

api.act(f"{ACCOUNT}/statements", statements.keep_statement, PREPARE, schemas.StatementBody)
api.act(f"{STATEMENT}/correct", statements.correct_statement, PREPARE, schemas.CorrectionBody)
api.act(f"{STATEMENT}/add", statements.add_statement, PREPARE, schemas.BalanceBody)
api.act(f"{STATEMENT}/withdraw", statements.withdraw_statement, PREPARE)
api.act(f"{FUND}/bank-matches", matching.match_lines, PREPARE, schemas.MatchBody)
api.act(f"{LINE}/book", matching.book_line, PREPARE, schemas.BookBody)
api.act(f"{MATCH}/explain", matching.explain_match, PREPARE, schemas.ExplainBody)
api.act(f"{MATCH}/undo", matching.undo_match, PREPARE)
api.act(f"{FUND}/closing/soft", closing.close_softly, PREPARE, schemas.ClosingBody)
api.act(f"{FUND}/closing/final", closing.close_for_good, permissions.APPROVE, schemas.ClosingBody)
