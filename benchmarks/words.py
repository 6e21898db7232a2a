"""Words of our own out of which the benchmark's articles are put together; nobody wrote them."""

from __future__ import annotations

import random

_ENGLISH = (
    "harbour council bridge winter market river teacher signal copper garden engine letter "
    "archive orchard ferry budget museum cable forest window lantern village recipe kernel "
    "compass meadow printer station ledger glacier library pilot canvas festival battery "
    "reservoir schedule timber workshop satellite bakery tunnel protocol chapel vineyard "
    "observatory framework lighthouse railway inspector gallery turbine nursery dictionary "
    "opens repairs measures delays announces follows rebuilds studies replaces explains "
    "questions improves postpones welcomes compares records restores surveys finishes doubles "
    "quiet northern public broken careful early bright narrow shared distant common regular "
    "wooden patient hidden local modern gentle rare steady curious slow after before beside "
    "within against without during near over under because while although until every many "
    "several few another the a its their this that second third first next last new old"
).split()
_CHINESE = (
    "港口 市场 桥梁 冬季 河流 教师 信号 花园 引擎 信件 档案 果园 渡轮 预算 博物馆 电缆 森林 窗口 灯笼 "
    "村庄 食谱 内核 指南 草地 车站 账本 冰川 图书馆 画布 节日 电池 水库 日程 木材 车间 卫星 面包房 隧道 "
    "协议 葡萄园 天文台 框架 灯塔 铁路 检查员 画廊 涡轮 词典 开放 维修 测量 推迟 宣布 跟随 重建 研究 替换 "
    "解释 质疑 改进 欢迎 比较 记录 恢复 调查 完成 翻倍 安静 北方 公共 破旧 谨慎 早期 明亮 狭窄 共享 遥远 "
    "常见 定期 耐心 隐藏 当地 现代 温和 稀少 稳定 好奇 缓慢 以及 因为 虽然 直到 每个 许多 一些 另一个 新的 "
    "旧的 第一 第二 最后 下一步 居民 工程师 记者 学生 渔民 科学家"
).split()


def words(chance: random.Random, *, chinese: bool, count: int) -> str:
    """So many words in a row; Chinese ones without spaces."""
    chosen = chance.choices(_CHINESE if chinese else _ENGLISH, k=count)
    return ("" if chinese else " ").join(chosen)


def sentence(chance: random.Random, *, chinese: bool) -> str:
    """One sentence with its full stop."""
    text = words(chance, chinese=chinese, count=chance.randint(7, 18))
    return f"{text}。" if chinese else f"{text.capitalize()}. "
