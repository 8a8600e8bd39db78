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
    "ledger_public_group",
):
    triggers.append_only(_table)

# One trigger and one scan each: these two run for every posted line and transaction.
triggers.refuse(
    "ledger_entry_open",
    "ledger_entry",
    "INSERT",
    "EXISTS (SELECT 1 FROM ledger_seal s WHERE s.community_id = NEW.community_id"
    " AND s.transaction_id = NEW.transaction_id)"
    " OR NOT EXISTS (SELECT 1 FROM ledger_transaction t WHERE t.id = NEW.transaction_id"
    " AND t.community_id = NEW.community_id)"
    " OR NEW.effective_on <= (SELECT b.closed_through FROM ledger_account a"
    " JOIN ledger_book b ON b.id = a.book_id WHERE a.id = NEW.account_id)",
    "the transaction is sealed or elsewhere, or the period is closed",
)
triggers.refuse(
    "ledger_seal_balanced",
    "ledger_seal",
    "INSERT",
    "NOT EXISTS (SELECT 1 FROM ledger_transaction t WHERE t.id = NEW.transaction_id"
    " AND t.community_id = NEW.community_id AND (t.resolves IS NULL AND t.reverses IS NULL"
    "  OR EXISTS (SELECT 1 FROM ledger_transaction o WHERE o.id = COALESCE(t.resolves, t.reverses)"
    "   AND o.community_id = t.community_id AND o.book_id = t.book_id))"
    " AND t.book_id = (SELECT CASE WHEN COUNT(*) >= 2 AND MIN(a.book_id) = MAX(a.book_id)"
    "  AND SUM(e.amount) = 0 AND SUM(CASE WHEN e.is_pending THEN e.amount ELSE 0 END) = 0"
    # Grouping costs a sort, and only an exchange has lines of two units.
    "  AND (MIN(a.unit) = MAX(a.unit) OR NOT EXISTS (SELECT 1 FROM ledger_entry x"
    "   JOIN ledger_account y ON y.id = x.account_id WHERE x.community_id = NEW.community_id"
    "   AND x.transaction_id = NEW.transaction_id GROUP BY y.unit, x.is_pending"
    "   HAVING SUM(x.amount) <> 0)) THEN MIN(a.book_id) END"
    "  FROM ledger_entry e JOIN ledger_account a ON a.id = e.account_id"
    "  WHERE e.community_id = NEW.community_id AND e.transaction_id = NEW.transaction_id))",
    "a transaction needs two lines of its book and a zero sum per unit",
)
triggers.refuse(
    "ledger_account_identity",
    "ledger_account",
    "UPDATE OF community_id, book_id, unit, path, type, normal, public_as, is_summary,"
    " parent_id, expires_on",
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
