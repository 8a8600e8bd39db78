"""The words banks write above their columns, and inside them, in Chinese and English."""

from __future__ import annotations

import re

from community.kernel.sheets import clean
from community.trust_property.importing.statement import Column

# Held by most statements; they tell a text's coding.
TELLING = (
    *(
        "日期",
        "时间",
        "金额",
        "余额",
        "交易",
        "摘要",
        "账号",
        "收入",
        "支出",
        "对方",
        "流水",
        "借方",
    ),
    *("日期", "時間", "金額", "餘額", "Date", "Amount", "Balance", "date", "amount", "ü", "é"),
)

_UNIT = re.compile(
    r"[(（\[/]?\s*(万元|千元|百元|角|分|元|人民币元?|rmb|cny|eur|usd|gbp|¥|￥)\s*[)）\]]?$",
    re.IGNORECASE,
)
_UNITS = {"分": 1, "角": 10, "百元": 10_000, "千元": 100_000, "万元": 1_000_000}
_BRACKETS = re.compile(r"[(（\[【<].*?[)）\]】>]")
_NOISE = re.compile(r"[\s:：、.·_\"'#*`]+|（|）|\(|\)|\[|\]|【|】")

IN = r"收入|贷方|存入|转入|收款金额|收方|进账|来账|汇入|入金|存款金额|credit|deposit|paidin|moneyin|moneyreceived|inflow|haben"
OUT = r"支出|借方|支取|转出|付款金额|付方|往账|汇出|取款|出金|付出|debit|withdraw|paidout|moneyout|outflow|spent|soll"
_OTHER = r"对方|对手|交易对象|对端|收/?付款?[方人]|收付款?方|往来|counter|beneficiary|recipient|payee|payer|empfänger"
_NOT_MONEY = (
    r"账号|帐号|卡号|账户号|accountn|acctno|iban|银行|行名|行号|网点|户名|名称|姓名|日期|时间|方式|渠道|代码"
    r"|柜员|机构|地区|date|time|name"
)

# Role, weight, what the header must match, what it must not. The first matches weigh most.
_PATTERNS: tuple[tuple[Column, int, str, str], ...] = (
    (
        Column.DATE,
        100,
        r"^(交易|业务|发生|收付|消费)(日期|日)$|^date$|^transactiondate$|^transdate$",
        "",
    ),
    (
        Column.DATE,
        95,
        r"^(交易|发生|业务|创建|付款)?(日期时间|时间)$|^日期$|^bookingdate$|^postingdate$|^datetime$",
        "",
    ),
    (
        Column.DATE,
        90,
        r"记账|入账|过账|会计|清算|结算|完成|posted|posting|buchung",
        r"金额|余额|方式|号|状态|amount|text|账户|币",
    ),
    (
        Column.DATE,
        80,
        r"日期|时间|date|datum|交易日|timestamp",
        r"起息|value|valuta|号|至|end|到期|timezone|更新",
    ),
    (Column.DATE, 40, r"起息|value|valuta", r"amount|金额"),
    (Column.TIME, 90, r"时间|time", r"zone"),
    (Column.FEE, 80, r"^(手续费|服务费|fee|fees|commission)(金额|支出|amount)?$", ""),
    (Column.REFUND, 100, r"^退款金额$|^refund(amount)?$", ""),
    (Column.REFUND, 80, r"退款金额|退款总?额", r"券|红包|成功退款"),
    (
        Column.DIRECTION,
        100,
        r"借贷|收支|收付|^借/贷$|^收/支$|^收/付$|^支/收$|^[+-]/[+-]$|^[+-]{2}$|dcfl|dr/?cr|debit/?credit|credit/?debit|^d/?c$|^c/?d$|方向|流向|存取标|正负|进出",
        r"金额|方名|方账|方帐|款方|款人|式|行名|余额|机构|分行",
    ),
    (Column.DIRECTION, 40, r"类型|类别|标志|标识|^type$|^side$|indicator|状态", r"钞汇|证件"),
    (
        Column.BALANCE,
        100,
        r"^(账户|帐户|本次|交易后|当前|联机|活期)?(余额|结余)$|^balance$|runningbalance|closingbalance",
        "",
    ),
    (Column.BALANCE, 90, r"余额|结余|结存|餘額|balance|saldo", r"可用|冻结|available|方向|impact"),
    (Column.BALANCE, 50, r"可用余额|available", ""),
    (
        Column.COUNTER_ACCOUNT,
        80,
        rf"({_OTHER}|收款|付款|from|to).*(账号|帐号|账户|帐户|卡号|account|acct|iban|email)",
        r"户名|名称|姓名|name|开户|行",
    ),
    (
        Column.COUNTERPARTY,
        100,
        rf"({_OTHER}).*(户名|名称|姓名|单位|name|信息$)|^(交易对方|交易对手|对方|对手|对手方|对方信息|商户名称)$",
        r"开户|机构|银行|行名",
    ),
    (
        Column.COUNTERPARTY,
        85,
        r"^(payee|payer|counterparty|name|beneficiary|recipient|户名|往来单位|客户名称|partnername|merchant)",
        r"account|iban|number",
    ),
    (
        Column.COUNTERPARTY,
        70,
        rf"{_OTHER}",
        r"行|机构|日期|时间|金额|地|省|方式|type|iban|email|address|account",
    ),
    (
        Column.PAYER,
        100,
        r"^(?!收)(?:.*[^收/])?(付款|汇款)(人|方|单位)?(户名|名称|姓名|全称)?$|^payer(sname|name)?$",
        r"账|行|金额|方式|时间|日",
    ),
    (
        Column.PAYEE,
        100,
        r"收款(人|方|单位)?(户名|名称|姓名|全称)?$|^payee(sname|name)?$",
        r"账|行|金额|方式|时间|日",
    ),
    (
        Column.ACCOUNT,
        70,
        r"^(本方|我方|查询|付款|交易)?(账号|帐号|卡号|账户|银行账号|银行帐号|账户号码)$|^account(no|number)?$|^acctno$",
        "",
    ),
    (
        Column.NUMBER,
        100,
        r"(流水|交易单|交易订单|参考|明细编)号?码?$|流水(单)?号|流水编号|^(柜员|支付宝|微信)?(交易号|交易单号|交易订单号)$|^日志号$|transactionid|^reference(number|no)?$|^ref(no)?$|fitid|交易识别|唯一",
        r"商户|商家|企业|客户",
    ),
    (
        Column.NUMBER,
        70,
        r"凭证号|回单(编)?号|业务单号|业务参考号|单号|订单号|凭证编号|checkno|chequeno|slip|流水",
        r"种类|类型",
    ),
    (Column.NUMBER, 30, r"交易序号|记录标识|账单号|票据号", ""),
    (
        Column.SUMMARY,
        100,
        r"^(交易|业务)?摘要$|^description$|^narrative$|^details$|^particulars$|^memo$|verwendungszweck|paymentreference|^摘要",
        r"代码|码|客户|其它|其他",
    ),
    (
        Column.SUMMARY,
        90,
        r"^(资金)?用途$|^交易用途$|^商品(说明|名称)?$|^交易说明$|^交易(描述|内容|详情)$",
        "",
    ),
    (
        Column.SUMMARY,
        70,
        r"摘要|用途|附言|备注|说明|留言|事由|remark|description|purpose|subject|note|narration|memo|附加",
        r"代码",
    ),
    (
        Column.KIND,
        60,
        r"交易类型|交易分类|业务类型|业务名称|交易名称|业务种类|交易种类|^type$|^transactiontype$|transcode|^category$|tradingtype|^类型$",
        "",
    ),
    (Column.STATUS, 90, r"状态|status|^state$|交易结果|处理结果", r"借贷|收支"),
    (Column.CURRENCY, 90, r"币种|币别|货币|currency|^ccy$|waers", r"金额|amount"),
    (Column.INCOME, 100, IN, rf"{_NOT_MONEY}|({OUT})|笔数|标志|类型|余额|信用|creditor|单号"),
    (Column.EXPENSE, 100, OUT, rf"{_NOT_MONEY}|({IN})|笔数|标志|类型|余额|debtor|单号"),
    (Column.INCOME, 90, r"^(贷|收|进|存|cr|in)$|到账金额|收到", ""),
    (Column.EXPENSE, 90, r"^(借|支|付|取|出|dr|out)$", ""),
    (
        Column.AMOUNT,
        100,
        r"^(交易|发生|记账|入账|收支|人民币|本币)?(金额|发生额|额)$|^amount$|^transactionamount$|^transamt$|交易金额|收入/支出|收支金额|借贷金额",
        rf"{_NOT_MONEY}|对方|原币|外币|foreign|original",
    ),
    (
        Column.AMOUNT,
        80,
        r"金额|金額|发生额|amount|betrag|交易额|gross|^net$|^value$|借/贷|收/支|总额",
        rf"{_NOT_MONEY}|手续|fee|退款|优惠|红包|税|原币|外币|foreign|original|折扣|笔",
    ),
    (Column.AMOUNT, 40, r"原币|外币|foreign|original|清算金额|实收|净额", rf"{_NOT_MONEY}"),
)
_COMPILED = tuple(
    (column, weight, re.compile(wanted), re.compile(unwanted) if unwanted else None)
    for column, weight, wanted, unwanted in _PATTERNS
)


def plain_header(header: str) -> str:
    """Write a header without units, blanks and translations: 交易日期[ Transaction Date ]."""
    text = clean(header).lower()
    short = _UNIT.sub("", text)
    outside = _BRACKETS.sub("", short)
    inside = "".join(_BRACKETS.findall(short))
    # What stands in brackets counts only when it tells in from out.
    kept = outside if outside.strip() else short
    if re.search(rf"{IN}|{OUT}", _NOISE.sub("", inside)) and not re.search(rf"{IN}|{OUT}", outside):
        kept = outside + inside
    return _NOISE.sub("", kept) or _NOISE.sub("", text)


def unit_of(header: str) -> int:
    """Tell how many fen one whole of a column is, by the unit in its header."""
    found = re.search(r"(万元|千元|百元|角|分|元)\s*[)）\]]?\s*$", clean(header))
    return _UNITS.get(found.group(1), 100) if found else 100


def recognize(header: str) -> dict[Column, int]:
    """Tell what a header may mean, with weights of up to 100."""
    text = plain_header(header)
    found: dict[Column, int] = {}
    if not text or len(text) > 40:
        return found
    for column, weight, wanted, unwanted in _COMPILED:
        if column not in found and wanted.search(text) and not (unwanted and unwanted.search(text)):
            found[column] = weight
    return found


_IN_WORDS = re.compile(
    r"^(收入?|收款|贷方?|进账?|存入?|转入|入账|汇入|来账|已收入?|\+|cr|credit|c|in|deposit|incoming|贷\s*cr.*|cr\s*贷.*|收.{0,2}|crdt)$",
    re.IGNORECASE,
)
_OUT_WORDS = re.compile(
    r"^(支出?|付款?|借方?|取出?|支取|转出|出账|汇出|往账|已?支出|-|dr|debit|d|out|withdrawal|outgoing|借\s*dr.*|dr\s*借.*|支.{0,2}|付出|dbit)$",
    re.IGNORECASE,
)
_NEUTRAL_WORDS = re.compile(r"^(/|不计收支|中性(交易)?|其他|其它|资金转移|)$")


def direction_of(text: str) -> int | None:
    """Tell a direction column's word: 1 in, -1 out, 0 neither, None not understood."""
    if _NEUTRAL_WORDS.match(text):
        return 0
    if _OUT_WORDS.match(text):
        return -1
    return 1 if _IN_WORDS.match(text) else None
