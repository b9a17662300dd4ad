"""PDF by Typst. A template is a file of ours; what it prints comes as JSON and is only ever text.

Han characters need a font of the system. The families below are looked for in their order, so that a server with
Noto, Source Han, or the fonts of Windows or macOS prints without any setting.
"""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst

from quizapp.errors import Refused

SERIF = (
    *(
        "Noto Serif CJK SC",
        "Source Han Serif SC",
        "Source Han Serif CN",
        "Noto Serif SC",
        "SimSun",
        "NSimSun",
    ),
    *("Songti SC", "STSong", "AR PL UMing CN"),
)
SANS = (
    *(
        "Noto Sans CJK SC",
        "Source Han Sans SC",
        "Source Han Sans CN",
        "Noto Sans SC",
        "SimHei",
        "Microsoft YaHei",
    ),
    *("PingFang SC", "Heiti SC", "WenQuanYi Zen Hei", "WenQuanYi Micro Hei"),
)


def pdf(template: Path, data: dict[str, Any]) -> bytes:
    """The PDF of a template, which may import its neighbours; the same data give the same bytes. Raises Refused
    without a Chinese font."""
    serif, sans = families()
    content = json.dumps({**data, "serif": serif, "sans": sans}, ensure_ascii=False)
    return typst.compile(
        template,
        root=template.parent,
        font_paths=_fonts(),
        format="pdf",
        sys_inputs={"data": content},
        timestamp=0,
    )


def families() -> tuple[list[str], list[str]]:
    """(宋体, 黑体) of this system. Raises Refused for none: whoever must not fail half-way asks before."""
    return chosen(frozenset(_fonts().families()))


def chosen(families: frozenset[str]) -> tuple[list[str], list[str]]:
    """(宋体, 黑体) of these families, each the best first; one stands in for the other. Raises Refused for none."""
    serif = [family for family in SERIF if family in families]
    sans = [family for family in SANS if family in families]
    if not serif and not sans:
        raise Refused(
            "no_font",
            "服务器上没有中文字体，不能生成PDF，没有改动任何内容。",
            "请改用Word格式；或由系统管理员安装中文字体（如Noto Serif CJK SC）并重新启动系统后再试。",
        )
    return serif or sans, sans or serif


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    """The fonts of this system, looked for once: it takes a tenth of a second."""
    return typst.Fonts()
