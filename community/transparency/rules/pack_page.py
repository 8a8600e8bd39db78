"""The page inside an audit pack that says what it is and how to verify it; no scripts."""

from __future__ import annotations

from html import escape

_PAGE = """<!DOCTYPE html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>审计包 · Audit pack</title>
</head>
<body>
<h1>审计包 · Audit pack</h1>
<p>日志 / log：<b>{origin}</b><br>记录 / records：<b>{size}</b><br>
根 / root：<code>{root}</code></p>
<p>请把这里的大小和根与楼道里张贴的公告核对。<br>
Compare size and root with the notice on the wall.</p>

<h2>怎样核对 · How to verify</h2>
<p>需要 Python 3.8 或更新版本，不用装别的，不用联网。<br>
Python 3.8 or newer; nothing to install, no network.</p>
<pre>python3 verify.py pack 审计包.zip --key 公钥 --checkpoint 公告上的二维码内容
python3 verify.py pack PACK.zip --key KEY --checkpoint CODE-OF-A-NOTICE</pre>
<p>公钥请从网站或公告抄来，不要只用包里的 keys.txt。<br>
Take the key from the site or a notice; do not trust only keys.txt in this pack.</p>
<p>返回 0：全部相符；1：有改动，逐项列出；2：无法判断。<br>
Exit code 0: everything holds; 1: something was changed, each item is named; 2: cannot tell.</p>

<h2>它核对什么 · What it checks</h2>
<ol>
<li>每条记录重新计算指纹，重建整棵树，与签名的根比较。
Every record is hashed again, the tree is rebuilt and compared with the signed root.</li>
<li>每个旧检查点都与今天的记录一致。 Every older checkpoint agrees with today's records.</li>
<li>账目从第一笔重新加起：借贷相等、限额、预留、冲正、结账余额、双钥匙批准。
The books are re-added: balance, limits, holds, reversals, balances at close, two keys.</li>
<li>报表的每个数字由记录重算。 Each figure of each report is recomputed from the records.</li>
<li>凭证、报表与记录里的指纹相符；收据号码不缺；银行对账单首尾相接。
Files match their recorded hashes; receipt numbers have no gap; bank statements follow on.</li>
</ol>

<h2>它证明不了什么 · What it cannot prove</h2>
<p>日志不能证明“没有漏记”，也不能证明凭证本身真实。请抽查凭证原件，向业主核对收据，与银行核对流水。<br>
A log cannot prove that nothing was left out, nor that a voucher is true. Sample the originals, ask
owners for their receipts, ask the bank for its statement.</p>

<h2>里面有什么 · What is inside</h2>
<ul>
<li><code>log/</code> 日志及全部旧检查点 · the log (C2SP tlog-tiles), older checkpoints</li>
<li><code>vouchers/</code> 凭证，文件名是指纹 · vouchers, named by their SHA-256</li>
<li><code>reports/</code> 已公布的报表 · published reports</li>
<li><code>keys.txt</code> 公钥 · keys</li>
<li><code>contents.json</code> 清单 · the list of files</li>
<li><code>verify.py</code> 核对程序，一个文件，可从头读到尾 · the verifier, one readable file</li>
</ul>
</body>
</html>
"""


def write_page(origin: str, size: int, root: bytes) -> bytes:
    """Write the explaining page for a log at a size."""
    return _PAGE.format(origin=escape(origin), size=size, root=root.hex()).encode()
