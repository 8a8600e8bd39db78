"""Invented people and homes: the same every time, none of them real.

Phone numbers begin with 140, a block kept for machines, so that none reaches a person.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date

SEED = 278
BUILDINGS = 10
UNITS_PER_BUILDING = 30
HOUSEHOLDS = BUILDINGS * UNITS_PER_BUILDING
RESIDENTS = 1_200

SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任"
    "卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向汤"
)
ELDER_GIVEN = (
    "秀英 桂兰 玉珍 淑华 凤英 桂英 玉兰 秀珍 春梅 素珍 惠芳 美华 月娥 翠英 建国 国强 "
    "德明 福生 长林 志明 永康 树林 文华 金山 宝华 洪生 世荣 庆元 兆丰 学文"
)
MIDDLE_GIVEN = (
    "丽 敏 静 艳 娟 霞 燕 红梅 海燕 晓红 建华 伟 强 军 勇 涛 明 超 志强 国栋 文斌 "
    "建军 丽华 雪梅 晓东 卫东 春燕 立新 永刚 玉梅 新华 海涛"
)
YOUNG_GIVEN = (
    "子涵 欣怡 梓萱 雨桐 诗涵 浩然 子轩 宇航 博文 俊杰 佳怡 思远 一诺 若曦 明轩 睿 "
    "晨曦 嘉豪 可欣 天佑 语晨 奕辰 沐阳 安琪 书瑶 承泽"
)


@dataclass(frozen=True, slots=True)
class InventedPerson:
    """One invented resident; `phone` is empty for those who have none."""

    name: str
    born_on: date
    relation: str
    phone: str

    @property
    def birth_year(self) -> int:
        """Tell the year of birth."""
        return self.born_on.year


@dataclass(frozen=True, slots=True)
class InventedHome:
    """One invented home: where it is, its area in 0.01 m², who lives in it."""

    building: int
    door: str
    area: int
    is_let: bool
    people: tuple[InventedPerson, ...]


def invent_homes(today: date) -> tuple[InventedHome, ...]:
    """Invent all homes of the demo community, ages relative to `today`."""
    chance = random.Random(SEED)  # noqa: S311  invented, so that every start shows the same people
    sizes = _sizes(chance)
    return tuple(
        _home(chance, number, size, today)
        for number, size in zip(range(HOUSEHOLDS), sizes, strict=True)
    )


def _sizes(chance: random.Random) -> list[int]:
    sizes = [4] * HOUSEHOLDS
    # Move people between homes: the sum stays RESIDENTS, the sizes become believable (1 to 7).
    for _ in range(HOUSEHOLDS * 3):
        giver, taker = chance.randrange(HOUSEHOLDS), chance.randrange(HOUSEHOLDS)
        if sizes[giver] > 1 and sizes[taker] < 7 and giver != taker:
            sizes[giver] -= 1
            sizes[taker] += 1
    return sizes


def _home(chance: random.Random, number: int, size: int, today: date) -> InventedHome:
    building, place = number // UNITS_PER_BUILDING + 1, number % UNITS_PER_BUILDING
    floor, side = place // 5 + 1, place % 5 + 1
    family = chance.choice(SURNAMES)
    return InventedHome(
        building=building,
        door=f"{floor}{side:02d}",
        area=chance.choice((5_860, 6_925, 7_840, 8_915, 10_230, 12_688)),
        is_let=chance.random() < 0.12,
        people=tuple(_people(chance, number, size, family, today)),
    )


def _people(
    chance: random.Random, number: int, size: int, family: str, today: date
) -> list[InventedPerson]:
    ages = _ages(chance, size)
    people = []
    for place, (relation, age) in enumerate(ages):
        surname = family if relation in {"户主", "子女", "孙辈"} else chance.choice(SURNAMES)
        has_phone = age >= 14 and not (age >= 70 and chance.random() < 0.3)
        people.append(
            InventedPerson(
                name=surname + chance.choice(_given(age)),
                born_on=_birthday(chance, today, age),
                relation=relation,
                phone=f"140{number:05d}{place:03d}" if has_phone else "",
            )
        )
    return people


def _given(age: int) -> list[str]:
    if age >= 58:
        return ELDER_GIVEN.split()
    return (MIDDLE_GIVEN if age >= 30 else YOUNG_GIVEN).split()


def _birthday(chance: random.Random, today: date, age: int) -> date:
    return date(today.year - age, chance.randint(1, 12), chance.randint(1, 28))


def _ages(chance: random.Random, size: int) -> list[tuple[str, int]]:
    head = chance.choice((34, 38, 42, 47, 53, 61, 66, 72, 78))
    ages = [("户主", head)]
    if size > 1:
        ages.append(("配偶", head + chance.randint(-4, 3)))
    for _ in range(size - 2):
        if head >= 60 and len(ages) < 4:
            ages.append(("子女", head - chance.randint(24, 30)))
        elif head >= 60:
            ages.append(("孙辈", max(2, head - chance.randint(52, 58))))
        elif len(ages) < 4:
            ages.append(("子女", max(1, head - chance.randint(25, 31))))
        else:
            ages.append(("父母", head + chance.randint(23, 29)))
    return ages
