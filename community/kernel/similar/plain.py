"""Texts in one shape: lower case, simple characters, no punctuation, nothing that all say."""

from __future__ import annotations

import unicodedata

# Said in every second request: they tell nothing about what it is about.
COMMON = (
    "小区", "社区", "希望", "建议", "要求", "能不能", "可以", "我们", "大家", "居民", "业主",
    "住户", "应该", "应当", "什么", "怎么", "有人", "有些", "问题", "情况", "现在", "已经",
    "咱们", "关于",
)  # fmt: skip
# What grammar needs and meaning does not; 啥 and 咋 are how much of the north says 什么 and 怎么.
GRAMMAR = frozenset(
    "的了是在我有和就不人都一上也很到说要去你会着没看好自己这那个们么吧呢啊吗呀把被给让从对向跟比还又"
    "再才能想多少大小里外前后中下来过得地之与及或等为以于其此该可请最更太真老啥咋俺哪谁几点些家天年"
    "月日时"
)
# The old characters of a community's words, and the simple ones, side by side.
OLD = (
    "電燈樓門車庫電梯業費區環衛漏廁熱氣煤暖線纜網絡號鎖閘欄護圍牆頂層間廚窗臺陽檯壞舊殘廢險"
    "噪聲音響樂鬧擾鄰養貓飼溝蓋積淨濁壓錶測驗檢維護養園綠樹葉蟲鼠滅藥醫療診護齡兒媽爺奶學習課"
    "書閱讀報紙遞餐飯館賣買攤販價錢賬務議會選舉決報時間開關寫畫戲劇運動場練體級鏈條鐵銹擋擠緊張"
    "違規亂佔據搶車輛駛騎單輪椅礙殘補貼貧農視頻監錄攝頭隱私識別驗證騙詐偷盜賊傷滑跌燒烤煙霧災險"
)
NEW = (
    "电灯楼门车库电梯业费区环卫漏厕热气煤暖线缆网络号锁闸栏护围墙顶层间厨窗台阳台坏旧残废险"
    "噪声音响乐闹扰邻养猫饲沟盖积净浊压表测验检维护养园绿树叶虫鼠灭药医疗诊护龄儿妈爷奶学习课"
    "书阅读报纸递餐饭馆卖买摊贩价钱账务议会选举决报时间开关写画戏剧运动场练体级链条铁锈挡挤紧张"
    "违规乱占据抢车辆驶骑单轮椅碍残补贴贫农视频监录摄头隐私识别验证骗诈偷盗贼伤滑跌烧烤烟雾灾险"
)
ONE_SHAPE = str.maketrans(OLD + "0123456789", NEW + "零一二三四五六七八九")


def runs_of(text: str) -> list[str]:
    """Give the runs of characters between punctuation, in one shape."""
    folded = unicodedata.normalize("NFKC", text).lower().translate(ONE_SHAPE)
    kept = "".join(each if each.isalnum() else " " for each in folded)
    for word in COMMON:
        kept = kept.replace(word, " ")
    return kept.split()
