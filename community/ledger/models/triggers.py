"""What the database itself refuses in the books, whoever writes."""

from community.kernel import triggers

for _table in (
    "ledger_transaction",
    "ledger_entry",
    "ledger_seal",
    "ledger_period_balance",
    "ledger_policy",
    "ledger_approval",
    "ledger_voucher",
    "ledger_voucher_redaction",
):
    triggers.append_only(_table)

triggers.refuse(
    "ledger_entry_sealed",
    "ledger_entry",
    "INSERT",
    "EXISTS (SELECT 1 FROM ledger_seal WHERE transaction_id = NEW.transaction_id)",
    "the transaction is sealed",
)
triggers.refuse(
    "ledger_entry_closed_period",
    "ledger_entry",
    "INSERT",
    "NEW.effective_on <= (SELECT b.closed_through FROM ledger_account a"
    " JOIN ledger_book b ON b.id = a.book_id WHERE a.id = NEW.account_id)",
    "the period is closed",
)
triggers.refuse(
    "ledger_seal_balanced",
    "ledger_seal",
    "INSERT",
    "(SELECT COUNT(*) FROM ledger_entry e WHERE e.community_id = NEW.community_id"
    " AND e.transaction_id = NEW.transaction_id) < 2"
    " OR EXISTS (SELECT 1 FROM ledger_entry e JOIN ledger_account a ON a.id = e.account_id"
    " WHERE e.community_id = NEW.community_id AND e.transaction_id = NEW.transaction_id"
    " GROUP BY a.unit, e.is_pending HAVING SUM(e.amount) <> 0"
    " OR MIN(a.book_id) <> (SELECT book_id FROM ledger_transaction WHERE id = NEW.transaction_id)"
    " OR MAX(a.book_id) <> (SELECT book_id FROM ledger_transaction WHERE id = NEW.transaction_id))"
    " OR NOT EXISTS (SELECT 1 FROM ledger_transaction t WHERE t.id = NEW.transaction_id"
    " AND t.community_id = NEW.community_id AND (t.resolves IS NULL AND t.reverses IS NULL"
    "  OR EXISTS (SELECT 1 FROM ledger_transaction o WHERE o.id = COALESCE(t.resolves, t.reverses)"
    "   AND o.community_id = t.community_id AND o.book_id = t.book_id)))",
    "a transaction needs two lines of its book and a zero sum per unit",
)
triggers.refuse(
    "ledger_account_identity",
    "ledger_account",
    "UPDATE OF community_id, book_id, unit, path, type, normal, is_summary, parent_id, expires_on",
    "TRUE",
    "an account keeps its book, unit, path and type",
)
triggers.refuse(
    "ledger_account_no_delete",
    "ledger_account",
    "DELETE",
    "TRUE",
    "accounts are closed, not deleted",
)
triggers.refuse(
    "ledger_book_reopen",
    "ledger_book",
    "UPDATE OF closed_through",
    "OLD.closed_through IS NOT NULL"
    " AND (NEW.closed_through IS NULL OR NEW.closed_through < OLD.closed_through)",
    "a closed period stays closed",
)
