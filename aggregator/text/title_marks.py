"""Words and signs that newsrooms hang on a headline and that are no part of it.

Compared folded. Only what says nothing about the story belongs here: "video" and "update" do,
"opinion", "part 2" and "live" do not, for these are other articles.
"""

from __future__ import annotations

import re

_IN_FRONT = """
breaking; breaking news; just in; urgent; eilmeldung; eil; alerte info; dernière minute
urgente; última hora; 快讯; 突发; 快訊; 突發; 速報; 号外; 속보; 긴급
"""
_AT_THE_END = """
update; updated; video; videos; with video; photo; photos; with photos; aktualisiert; foto; fotos
mit video; mit fotos; mis à jour; màj; mise à jour; vidéo; vidéos; en images; actualizado
actualizada; actualización; vídeo; vídeos; con vídeo; 更新; 已更新; 更新中; 图; 图文; 组图; 附图
视频; 附视频; 圖; 圖文; 組圖; 附圖; 影片; 動画; 動画あり; 写真; 写真あり; 画像
업데이트; 영상; 동영상; 사진; 포토; 종합
"""
ORNAMENTS = "🚨⚡📢📣🔥📰🗞📌▶►■◆❗"
"""Stand beside a headline; circles, stars and arrows up and down are not here: they count."""


def _any_of(words: str) -> str:
    return "|".join(re.escape(word.strip()) for word in re.split("[;\n]", words) if word.strip())


WORD_IN_FRONT = re.compile(rf"\s*(?:{_any_of(_IN_FRONT)})(?:\s*[:|!]|\s+[-–—]\s)\s*")
"""A word that calls for attention, with what sets it off from the headline."""

MARK_AT_THE_END = re.compile(rf"[(\[【]\s*(?:{_any_of(_AT_THE_END)})\s*[)\]】]\s*$")
"""A mark in brackets after the headline."""
