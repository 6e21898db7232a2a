"""Names that many articles bear and that therefore say nothing about which one it is.

Compared by their letters alone, so case, spaces, dates and numbers around them do not matter.
Anyone may add to the list: a name too many only makes two articles prove that their texts agree.
"""

from __future__ import annotations

_ENGLISH = """
Untitled; No title; (no subject); New post; Post; Home; News; Latest news; Top stories
Headlines; Breaking news; Live; Live updates; Update; Updates; Announcement; Press release
Statement; Notice; Morning brief; Morning briefing; Evening brief; Evening briefing
Daily brief; Daily briefing; The morning; The daily; Your daily briefing
Your morning briefing; Your evening briefing; Morning edition; Evening edition
Weekend edition; Weekly edition; Daily digest; Weekly digest; Newsletter; Weekly newsletter
Monthly newsletter; Daily newsletter; Weekly roundup; Weekly wrap; Daily roundup
News roundup; Week in review; The week in review; This week in review; Year in review
Daily thread; Daily discussion; Daily discussion thread; Daily discussion thread for
Open thread; Weekly thread; Weekly discussion; Weekly discussion thread; Weekly open thread
Weekend open thread; Free talk Friday; Simple questions; Simple questions thread
Weekly questions thread; Megathread; What are you working on; What are you reading
What we are reading; What we're reading this week; Links; Links for the day; Daily links
Weekly links; Weekend links; Links of the week; Assorted links; Photo of the day
Picture of the day; Astronomy picture of the day; Quote of the day; Video of the day
Word of the day; Song of the day; Deal of the day; Today's deals; Daily deals; Comic
Daily comic; Letters to the editor; Editorial; Opinion; Corrections
Corrections and clarifications; Obituaries; Weather; Weather forecast; Weather report
Weather warning; Traffic; Traffic report; Traffic update; Market wrap; Market close
Market report; Market update; Markets at close; Stocks to watch; Crossword; Horoscope
Daily horoscope; Lottery results; Sports results; Scores; Today's scores; Job openings
Status update; Service status; Service degradation; Service disruption
Scheduled maintenance; System maintenance; Planned maintenance; Incident report
Partial outage; Major outage; All systems operational; Degraded performance; Investigating
Resolved; Monitoring; Identified; Release notes; Release; New release; Changelog; Version
Security update; Security updates; Bug fixes; Minor update; Bug fixes and improvements
Maintenance release; Weekly meeting; Meeting minutes; Minutes; Agenda; Episode; New episode
Podcast; Test; Hello world; Happy new year; Merry Christmas; Question; Help
"""
_CHINESE = """
早报; 晚报; 午报; 日报; 周报; 月报; 简报; 快报; 快讯; 要闻; 今日要闻; 每日要闻; 早间新闻
晚间新闻; 新闻早餐; 早餐; 早知道; 财经早餐; 新闻联播; 每日一图; 每日一句; 每日一题; 每日一练
每日简报; 每日早报; 每日新闻; 每日资讯; 今日头条; 今日推荐; 今日热点; 今日看点; 一周要闻
一周回顾; 本周回顾; 周刊; 每周周刊; 科技周刊; 科技爱好者周刊; 本周精选; 每周精选; 每日精选
精选; 收盘; 开盘; 午评; 收评; 早评; 盘前必读; 盘后必读; 盘前; 盘后; 公告; 通知; 声明; 通告
公示; 活动公告; 停服维护公告; 维护公告; 系统维护; 系统维护公告; 更新日志; 更新公告; 版本更新
版本更新公告; 招聘启事; 招聘; 无标题; 未命名; 无题; 新文章; 测试; 天气预报; 今日天气; 闲聊
灌水; 日常; 随笔; 日记; 读者来信; 编者按; 社论; 讨论帖; 每日讨论; 每日讨论帖; 周末闲聊; 早報
晚報; 日報; 週報; 快訊; 要聞; 今日要聞; 新聞早餐; 無標題; 公佈; 早安; 晚安; 早上好; 元旦快乐
新年快乐; 直播; 图集; 组图; 视频; 专题; 独家; 评论; 观点; 转载; 更新; 问答; 问题; 求助
停机维护; 停机维护通知
"""
_JAPANESE = """
無題; お知らせ; ニュース; 最新ニュース; 今日のニュース; 朝刊; 夕刊; 号外; 速報; 社説
天声人語; 編集後記; 更新情報; 更新のお知らせ; メンテナンスのお知らせ; メンテナンス情報
障害情報; 障害のお知らせ; 今日の天気; 天気予報; 今日の一枚; 今日の一言; 週報; 日記; 雑談
雑談スレ; 質問スレ; 週刊ニュース; まとめ; リリースノート; プレスリリース
定期メンテナンスのお知らせ; 臨時休業のお知らせ; 年末年始のお知らせ; 夏季休業のお知らせ
朝のニュース; おはようございます
"""
_KOREAN = """
제목 없음; 무제; 공지; 공지사항; 뉴스; 속보; 오늘의 뉴스; 주요 뉴스; 아침 뉴스; 저녁 뉴스
뉴스 브리핑; 모닝 브리핑; 아침 브리핑; 데일리 브리핑; 오늘의 날씨; 날씨; 일기예보; 사설
칼럼; 주간 뉴스; 주간 소식; 점검 안내; 서버 점검 안내; 정기 점검 안내; 업데이트 안내
업데이트; 릴리스 노트; 인사; 부고; 오늘의 운세; 자유 게시판; 잡담; 질문; 일상; 오늘의 사진
보도자료
"""
_EUROPEAN = """
Sans titre; Actualités; Revue de presse; La revue de presse; Le brief du matin; Brève
Brèves; Météo; La matinale; L'essentiel de l'actualité; L'actu du jour; Les titres du jour
Le journal du jour; Édito; Éditorial; Communiqué de presse; Notes de version
Fil de discussion; Photo du jour; Citation du jour; Le point du matin
Newsletter de la semaine; Horoscope du jour; Nécrologie; Mots croisés; En direct; Ohne Titel
Kein Titel; Nachrichten; Aktuelles; Tagesschau; Tagesthemen; Morgenlage; Guten Morgen
Das Wichtigste am Morgen; Das Wichtigste des Tages; Die Lage am Morgen; Die Lage am Abend
Eilmeldung; Presseschau; Pressemitteilung; Wochenrückblick; Tagesüberblick; Wetter
Wetterbericht; Bild des Tages; Zitat des Tages; Kommentar; Leitartikel; Leserbriefe
Wartungsarbeiten; Geplante Wartungsarbeiten; Verkehrsmeldungen; Polizeimeldungen
Polizeibericht; Termine; Stellenangebote; Kreuzworträtsel; Blitzer; Sin título; Noticias
Las noticias del día; Titulares; Titulares del día; Resumen del día; El tiempo
Resumen de la semana; Buenos días; Boletín; Boletín diario; Boletín informativo
Cartas al director; Nota de prensa; Comunicado de prensa; Última hora; Foto del día
Frase del día; Esquelas; Notas de la versión; Mantenimiento programado; Hilo diario
Hilo de discusión diario; Horóscopo de hoy
"""

GENERIC_TITLES: tuple[str, ...] = tuple(
    name.strip()
    for block in (_ENGLISH, _CHINESE, _JAPANESE, _KOREAN, _EUROPEAN)
    for line in block.strip().splitlines()
    for name in line.split(";")
)
