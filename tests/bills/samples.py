"""Invented bills in the shapes the providers write, built here, byte by byte where it matters."""

import io
from collections.abc import Sequence

import openpyxl

WECHAT_NOTES = (
    "微信支付账单明细,,,,,,,,",
    "微信昵称：[墨色工作室],,,,,,,,",
    "起始时间：[2024-05-01 00:00:00] 终止时间：[2024-05-31 23:59:59],,,,,,,,",
    "导出类型：[全部],,,,,,,,",
    "导出时间：[2024-06-01 10:00:00],,,,,,,,",
    ",,,,,,,,",
    "共{rows}笔记录,,,,,,,,",
    "收入：{in_count}笔 {in_sum}元,,,,,,,,",
    "支出：{out_count}笔 {out_sum}元,,,,,,,,",
    "中性交易：{neutral_count}笔 {neutral_sum}元,,,,,,,,",
    "注：,,,,,,,,",
    "1. 充值/提现/理财通购买/零钱通存取/信用卡还款等交易，将计入中性交易,,,,,,,,",
    "2. 本明细仅展示当前账单中的交易，不包括已删除的记录,,,,,,,,",
    "3. 本明细仅供个人对账使用,,,,,,,,",
    ",,,,,,,,",
    "----------------------微信支付账单明细列表--------------------,,,,,,,,",
)
WECHAT_HEADER = (
    "交易时间,交易类型,交易对方,商品,收/支,金额(元),支付方式,当前状态,交易单号,商户单号,备注"
)

# Time, type, party, item, direction, amount, method, status, number, merchant number, note.
WECHAT_ROWS: tuple[tuple[str, ...], ...] = (
    ("2024-05-02 09:00:01", "二维码收款", "画师小北", "五月会员", "收入", "¥30.00", "/", "已收钱",
     "10000001", "/", "/"),
    ("2024-05-03 10:00:00", "转账", "阿南", "转账备注:年费", "收入", "¥1,288.50", "/", "已存入零钱",
     "10000002", "/", "/"),
    ("2024-05-04 11:00:00", "二维码收款", "退一半的人", "会员", "收入", "￥20.00", "/", "已退款(￥7.50)",
     "10000003", "/", "/"),
    ("2024-05-05 12:00:00", "二维码收款", "全退的人", "会员", "收入", "¥30.00", "/", "已全额退款",
     "10000004", "30000004", "/"),
    ("2024-05-06 12:00:00", "二维码收款-退款", "全退的人", "会员", "支出", "¥30.00", "零钱", "退款成功",
     "50000004", "30000004", "/"),
    ("2024-05-07 08:00:00", "商户消费", "数位板商店", "笔尖", "支出", "¥45.00", "零钱", "支付成功",
     "10000005", "40000005", "/"),
    ("2024-05-08 08:00:00", "数位板商店-退款", "数位板商店", "笔尖", "收入", "¥45.00", "零钱", "已全额退款",
     "50000005", "40000005", "/"),
    ("2024-05-09 08:00:00", "零钱提现", "某银行", "/", "/", "¥500.10", "某银行(0001)", "提现已到账",
     "10000006", "/", "服务费¥0.10"),
)  # fmt: skip


def wechat_csv(
    rows: Sequence[Sequence[str]] = WECHAT_ROWS,
    *,
    declared: dict[str, str] | None = None,
    encoding: str = "utf-8-sig",
) -> bytes:
    stated = {
        "rows": str(len(rows)),
        "in_count": "5",
        "in_sum": "1413.50",
        "out_count": "2",
        "out_sum": "75.00",
        "neutral_count": "1",
        "neutral_sum": "500.10",
        **(declared or {}),
    }
    lines = [line.format(**stated) for line in WECHAT_NOTES] + [WECHAT_HEADER]
    # The provider quotes names and puts a tab behind numbers.
    lines += [
        ",".join(
            f'"{cell}"\t' if index in {8, 9} else (f'"{cell}"' if "," in cell else cell)
            for index, cell in enumerate(row)
        )
        for row in rows
    ]
    return ("\r\n".join(lines) + "\r\n").encode(encoding)


def wechat_xlsx(rows: Sequence[Sequence[str]] = WECHAT_ROWS, *, sheets: int = 1) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for number in range(sheets):
        sheet = book.create_sheet(f"账单{number + 1}")
        for line in WECHAT_NOTES:
            sheet.append([line.strip(",")])
        sheet.append(WECHAT_HEADER.split(","))
        for row in rows:
            cells: list[object] = list(row)
            # The provider's workbook stores amounts as numbers with a currency format.
            cells[5] = float(row[5].strip("¥￥").replace(",", ""))
            sheet.append(cells)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


ALIPAY_APP = """------------------------------------------------------------------------------------
导出信息：
姓名：某人
支付宝账户：studio@example.com
起始时间：[2024-05-01 00:00:00]    终止时间：[2024-05-31 23:59:59]
导出交易类型：[全部]
导出时间：[2024-06-01 10:00:00]
共7笔记录
收入：3笔 158.00元
支出：2笔 66.00元
不计收支：2笔 1012.00元

特别提示：
1.本明细仅供个人对账使用。
------------------------支付宝（中国）网络技术有限公司  电子客户回单------------------------
交易时间,交易分类,交易对方,对方账号,商品说明,收/支,金额,收/付款方式,交易状态,交易订单号,商家订单号,备注,
2024-05-02 09:00:01,收入,画师小北,bei***@example.com,五月会员,收入,30.00,余额,交易成功,2024050222001100000001\t,ORD-1\t,,
2024-05-03 09:00:01,收入,阿南,nan***@example.com,年费 "限时,收入,98.00,余额,交易成功,2024050322001100000002\t,ORD-2\t,,
2024-05-04 09:00:01,退款,阿南,nan***@example.com,退款-年费,支出,36.00,余额,退款成功,2024050322001100000002_R1\t,ORD-2\t,,
2024-05-05 09:00:01,文化休闲,数位板商店,shop@example.com,笔尖,支出,30.00,花呗,交易成功,2024050522001100000003\t,ORD-3\t,,
2024-05-06 09:00:01,退款,数位板商店,shop@example.com,退款-笔尖,不计收支,12.00,花呗,退款成功,2024050522001100000003*9\t,ORD-3\t,,
2024-05-07 09:00:01,投资理财,余额宝,/,转入,不计收支,1000.00,余额,交易成功,2024050722001100000004\t,,,
2024-05-08 09:00:01,收入,没付的人,/,会员,收入,30.00,,交易关闭,2024050822001100000005\t,,,
"""

ALIPAY_WEB = """支付宝交易记录明细查询
账号:[studio@example.com]
起始日期:[2024-05-01 00:00:00]    终止日期:[2024-06-01 00:00:00]
---------------------------------交易记录明细列表------------------------------------
交易号                  ,商家订单号               ,交易创建时间              ,付款时间                ,最近修改时间              ,交易来源地     ,类型              ,交易对方            ,商品名称                ,金额（元）   ,收/支     ,交易状态    ,服务费（元）   ,成功退款（元）  ,备注                  ,资金状态     ,
2024050222001100000011\t,ORD-11              \t,2024-05-02 09:00:00 ,2024-05-02 09:00:01 ,2024-05-02 09:00:02 ,其他 ,即时到账交易 ,画师小北  ,五月会员  ,30.00   ,收入      ,交易成功    ,0.00     ,10.00     ,                    ,已收入      ,
2024050322001100000012\t,ORD-12              \t,2024-05-03 09:00:00 ,2024-05-03 09:00:01 ,2024-05-03 09:00:02 ,其他 ,即时到账交易 ,数位板商店  ,笔尖  ,15.00   ,支出      ,交易成功    ,0.00     ,0.00     ,                    ,已支出      ,
------------------------------------------------------------------------------------
共2笔记录
已收入:1笔,30.00元
待收入:0笔,0.00元
已支出:1笔,15.00元
待支出:0笔,0.00元
导出时间:[2024-06-01 10:00:00]    用户:某人
"""

ALIPAY_MERCHANT = """#支付宝业务明细查询
#账号：[20880000000000010156]
#起始日期：[2024年05月01日 00:00:00]   终止日期：[2024年05月02日 00:00:00]
#-----------------------------------------业务明细列表----------------------------------------
支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,终端号,对方账户,订单金额（元）,商家实收（元）,支付宝红包（元）,集分宝（元）,支付宝优惠（元）,商家优惠（元）,券核销金额（元）,券名称,商家红包消费金额（元）,卡消费金额（元）,退款批次号/请求号,服务费（元）,分润（元）,备注
2024050122001400000000000021\t,SUB-21\t,交易\t,月度会员,2024-05-01 08:00:00,2024-05-01 08:00:05,\t,\t,\t,\t,*北(138****0001)\t,30.00,30.00,0.00,0.00,0.00,0.00,0.00,,0.00\t,0.00,\t,-0.18,0.00,
2024050122001400000000000022\t,SUB-22\t,交易\t,年度会员,2024-05-01 09:00:00,2024-05-01 09:00:05,\t,\t,\t,\t,*南(139****0002)\t,298.00,288.00,0.00,0.00,0.00,10.00,0.00,,0.00\t,0.00,\t,-1.73,0.00,
2024050122001400000000000021\t,SUB-21\t,退款\t,月度会员,2024-05-01 10:00:00,2024-05-01 10:00:05,\t,\t,\t,\t,*北(138****0001)\t,-12.50,-12.50,0.00,0.00,0.00,0.00,0.00,,0.00\t,0.00,REQ-1\t,0.08,0.00,
#-----------------------------------------业务明细列表结束------------------------------------
#交易合计：2笔，商家实收共318.00元，商家优惠共10.00元
#退款合计：1笔，商家实收退款共-12.50元，商家优惠退款共0.00元
#导出时间：[2024年05月02日 09:00:00]
"""

MERCHANT_HEADER = (
    "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,"
    "货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,"
    "商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注"
)
MERCHANT_SUMMARY = (
    "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额"
)


def merchant_row(
    order: str, status: str = "SUCCESS", amount: str = "30.00", **changes: str
) -> list[str]:
    """27 values of the merchant bill by the column names in `MERCHANT_HEADER`."""
    refund = status != "SUCCESS"
    values = dict.fromkeys(MERCHANT_HEADER.split(","), "")
    values |= {
        "交易时间": "2024-05-01 08:00:00",
        "公众账号ID": "wx0000000000000001",
        "商户号": "1900000001",
        "特约商户号": "0",
        "微信订单号": order,
        "商户订单号": f"M{order}",
        "用户标识": "oPayer",
        "交易类型": "NATIVE",
        "交易状态": status,
        "付款银行": "OTHERS",
        "货币种类": "CNY",
        "应结订单金额": "0.00" if refund else amount,
        "代金券金额": "0.00",
        "微信退款单号": f"R{order}" if refund else "0",
        "商户退款单号": f"MR{order}" if refund else "0",
        "退款金额": amount if refund else "0.00",
        "充值券退款金额": "0.00",
        "退款类型": "ORIGINAL" if refund else "",
        "退款状态": "SUCCESS" if refund else "",
        "商品名称": "会员,月度",
        "手续费": "0.18000",
        "费率": "0.60%",
        "订单金额": "0.00" if refund else amount,
        "申请退款金额": amount if refund else "0.00",
    }
    values |= changes
    return list(values.values())


def merchant_bill(rows: Sequence[Sequence[str]], summary: Sequence[str]) -> bytes:
    lines = [MERCHANT_HEADER]
    lines += ["`" + ",`".join(row) for row in rows]
    lines += [MERCHANT_SUMMARY, "`" + ",`".join(summary)]
    return ("\ufeff" + "\r\n".join(lines) + "\r\n").encode()


STRIPE_BALANCE = """id,Type,Source,Amount,Fee,Net,Currency,Created (UTC),Available On (UTC),Description
txn_1,charge,ch_1,"1,234.50",36.00,1198.50,usd,2024-05-01 08:00,2024-05-03 00:00,"Plan, yearly
second line"
txn_2,payment,py_2,500,18,482,jpy,2024-05-02 08:00,2024-05-03 00:00,月会員
txn_3,refund,re_1,-34.50,0.00,-34.50,usd,2024-05-03 08:00,2024-05-03 00:00,REFUND FOR CHARGE
txn_4,payout,po_1,-1164.00,0.00,-1164.00,usd,2024-05-04 08:00,2024-05-05 00:00,STRIPE PAYOUT
txn_5,stripe_fee,,-2.00,0.00,-2.00,usd,2024-05-04 09:00,2024-05-05 00:00,Radar
txn_6,payment,py_6,1.5,0,1.5,jpy,2024-05-04 09:00,2024-05-05 00:00,half a yen
"""

STRIPE_ITEMISED = """balance_transaction_id,created_utc,available_on_utc,currency,gross,fee,net,reporting_category,source_id,charge_id,description,customer_email
txn_1,2024-05-01 08:00:00,2024-05-03 00:00:00,usd,20.00,0.88,19.12,charge,ch_1,ch_1,Monthly,a@example.com
txn_2,2024-05-06 08:00:00,2024-05-06 00:00:00,usd,-20.00,15.00,-35.00,dispute,dp_1,ch_1,Chargeback,a@example.com
txn_3,2024-05-07 08:00:00,2024-05-07 00:00:00,usd,-5.00,0.00,-5.00,refund,re_1,ch_1,REFUND,a@example.com
"""

STRIPE_PAYMENTS = """id,Created date (UTC),Amount,Amount Refunded,Currency,Captured,Status,Description,Customer Email
ch_1,2024-05-01 08:00:00,20.00,5.00,usd,true,Refunded,Monthly,a@example.com
ch_2,2024-05-02 08:00:00,20.00,0.00,usd,true,Paid,Monthly,b@example.com
ch_3,2024-05-03 08:00:00,20.00,0.00,usd,false,Failed,Monthly,c@example.com
"""
