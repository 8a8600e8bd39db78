"""What stands around the table: whose statement it is, its period, balances and totals."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from community.trust_property.importing.values import (
    UnreadableValueError,
    find_days,
    read_fen,
)

_BANKS = (
    ("微信支付", r"微信|wechat|财付通商户|weixin"),
    ("支付宝", r"支付宝|alipay"),
    ("银联商务", r"银联商务|chinaums"),
    ("工商银行", r"工商银行|工行|icbc"),
    ("建设银行", r"建设银行|建行|\bccb\b|ccb[_\-.]"),
    ("农业银行", r"农业银行|农行|\babc\b|abchina"),
    ("中国银行", r"中国银行|中行|\bboc\b|boc[_\-.]"),
    ("交通银行", r"交通银行|交行|bocom|bankcomm"),
    ("招商银行", r"招商银行|招行|\bcmb\b|cmb[_\-.]"),
    ("邮储银行", r"邮政储蓄|邮储|psbc"),
    ("民生银行", r"民生银行|cmbc"),
    ("浦发银行", r"浦东发展|浦发|spdb"),
    ("中信银行", r"中信银行|citic"),
    ("光大银行", r"光大银行|\bceb\b"),
    ("兴业银行", r"兴业银行|\bcib\b"),
    ("平安银行", r"平安银行|pingan"),
    ("广发银行", r"广发银行|cgb"),
    ("华夏银行", r"华夏银行|hxb"),
    ("浙商银行", r"浙商银行|czbank"),
    ("PayPal", r"paypal"),
)
_OTHER_BANK = re.compile(
    r"[\u4e00-\u9fff]{2,12}?(?:农村商业银行|农商银行|农商行|信用合作联社|信用社|村镇银行|银行)"
)
# Headers that only one bank writes.
_SIGNATURES = (
    ("工商银行", {"交易场所", "交易国家或地区简称"}),
    ("招商银行", {"联机余额", "客户摘要"}),
    ("微信支付", {"交易单号", "商户单号", "当前状态"}),
    ("微信支付", {"微信支付业务单号"}),
    ("支付宝", {"收/付款方式", "交易订单号"}),
    ("支付宝", {"账务流水号", "业务流水号"}),
    ("建设银行", {"账户明细编号-交易流水号"}),
    ("PayPal", {"Gross", "Net", "TimeZone"}),
)
_ACCOUNT = re.compile(
    r"(?:卡号|账号|帐号|账户号码|账户号|支付宝账户|微信昵称|商户号|账户|帐户|account\s*(?:no\.?|number)?|iban)"
    r"\s*(?:\[[^\]]*\]|[（(][^）)]*[）)])?\s*[:：]?\s*[\[【]?\s*"
    r"([\w*@.\-]*[\d*][\w*@.\-]*(?: [\d*]{3,})*|\[?[^\[\]【】,，;；\s:：]+[\]】])",
    re.IGNORECASE,
)
_MONEY = r"[:：\s\[]*([-+(]?\s*[¥￥$€]?\s*[-+]?\d[\d,]*(?:\.\d+)?\)?)"
_OPENING_WORDS = r"期初余额|上期余额|上期结余|上页余额|承前页|上年结转|上月结余|上日余额|起始余额|期初|opening\s*balance|balance\s*brought\s*forward|beginning\s*balance|b/f"
_CLOSING_WORDS = r"期末余额|本期余额|期末结余|结束余额|过次页|结转下[页年]|期末|closing\s*balance|balance\s*carried\s*forward|ending\s*balance|c/f"
OPENING = re.compile(_OPENING_WORDS, re.IGNORECASE)
CLOSING = re.compile(_CLOSING_WORDS, re.IGNORECASE)
CARRIED = re.compile(f"{_OPENING_WORDS}|{_CLOSING_WORDS}", re.IGNORECASE)
_UNIT = r"\s*(?:[（(\[](?:人民币)?元[）)\]])?"
_OPENING_TOLD = re.compile(rf"(?:{_OPENING_WORDS}){_UNIT}{_MONEY}", re.IGNORECASE)
_CLOSING_TOLD = re.compile(rf"(?:{_CLOSING_WORDS}){_UNIT}{_MONEY}", re.IGNORECASE)
_COUNT_OF_ALL = re.compile(r"共\s*(\d+)\s*(?:笔|条)")
_TOTAL = re.compile(
    r"(收入|支出|贷方|借方)(?:合计|总计|总额)?(?:金额)?[:：\s]*(?:(?:共)?(\d+)\s*笔)[，,\s]*(?:共|金额[:：]?)?\s*[¥￥]?(-?[\d,]+\.\d{1,2})\s*元?"
)
_CARD = re.compile(r"信用卡(?:账单|对账单|明细|交易)|贷记卡|credit\s*card", re.IGNORECASE)
_PERIOD_WORDS = re.compile(r"起始|开始|期间|起止|区间|日期范围|period|from|查询|自", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Totals:
    """How many entries a statement says it has, and their sums in fen."""

    entries: int | None = None
    income: tuple[int, int] | None = None
    expense: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What was found around the table."""

    bank: str = ""
    account: str = ""
    since: date | None = None
    until: date | None = None
    opening_fen: int | None = None
    closing_fen: int | None = None
    totals: Totals = Totals()
    is_credit_card: bool = False


def find_facts(
    above: list[str], headers: tuple[str, ...], below: list[str], names: tuple[str, ...]
) -> Facts:
    """Read titles and notes; `names` are the file's and the sheet's, which help with the bank."""
    title = "\n".join(above)
    around = [*above, *below]
    since, until = _period(above)
    return Facts(
        bank=_bank(title, headers, " ".join(names)),
        account=find_account(title),
        since=since,
        until=until,
        opening_fen=_told(_OPENING_TOLD, around),
        closing_fen=_told(_CLOSING_TOLD, list(reversed(around))),
        totals=_totals(around),
        is_credit_card=bool(_CARD.search(f"{title}\n{' '.join(names)}")),
    )


def _bank(title: str, headers: tuple[str, ...], names: str) -> str:
    for name, signature in _SIGNATURES:
        if signature <= {header.strip() for header in headers}:
            return name
    places = [
        (found.start(), order, name)
        for order, (name, words) in enumerate(_BANKS)
        if (found := re.search(words, title, re.IGNORECASE))
    ]
    if places:
        return min(places)[2]
    if found := _OTHER_BANK.search(title):
        return found.group(0)
    for name, words in _BANKS:
        if re.search(words, names, re.IGNORECASE):
            return name
    return ""


def find_account(text: str) -> str:
    """Find the statement's own account in its title."""
    found = _ACCOUNT.search(text)
    return found.group(1).strip("[]【】 ") if found else ""


def _period(lines: list[str]) -> tuple[date | None, date | None]:
    for line in lines:
        days = find_days(line)
        if len(days) >= 2 and days[0] <= days[1]:
            return days[0], days[1]
    since = until = None
    for line in lines:
        days = find_days(line)
        if len(days) != 1:
            continue
        if re.search(r"起始|开始|起日|from|start", line, re.IGNORECASE):
            since = since or days[0]
        elif re.search(r"终止|结束|截止|止日|\bto\b|end", line, re.IGNORECASE):
            until = until or days[0]
    return since, until


def _told(wanted: re.Pattern[str], lines: list[str]) -> int | None:
    for line in lines:
        if found := wanted.search(line):
            try:
                return read_fen(found.group(1))
            except UnreadableValueError:
                continue
    return None


def _totals(lines: list[str]) -> Totals:
    entries = None
    sums: dict[str, tuple[int, int]] = {}
    for line in lines:
        if entries is None and (found := _COUNT_OF_ALL.search(line)) and "合计" not in line:
            entries = int(found.group(1))
        for side, count, amount in _TOTAL.findall(line):
            name = "income" if side in {"收入", "贷方"} else "expense"
            try:
                sums.setdefault(name, (int(count), abs(read_fen(amount) or 0)))
            except UnreadableValueError:
                continue
    return Totals(entries, sums.get("income"), sums.get("expense"))
