"""Words that people read, in both languages, under the keys that rows and messages carry."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pair:
    """One thing's name in 中文 and English."""

    zh: str
    en: str


KIND: dict[str, Pair] = {
    "intrusion": Pair("禁入区有人", "Person in closed area"),
    "line": Pair("越线", "Line crossed"),
    "linger": Pair("长时间逗留", "Lingering"),
    "crowd": Pair("人群聚集", "Crowding"),
    "left": Pair("遗留物品", "Unattended object"),
    "removed": Pair("物品移走", "Object removed"),
    "blocked": Pair("通道占用", "Aisle obstructed"),
    "vehicle": Pair("车辆闯入", "Vehicle in closed area"),
    "fire": Pair("明火", "Flames"),
    "smoke": Pair("烟雾", "Smoke"),
    "covered": Pair("画面被遮挡", "Camera covered"),
    "defocused": Pair("画面失焦", "Out of focus"),
    "moved": Pair("机位移动", "Camera moved"),
    "dazzled": Pair("画面过曝", "Camera dazzled"),
    "frozen": Pair("画面冻结", "Picture frozen"),
    "lost": Pair("画面中断", "Camera lost"),
    "hole": Pair("录像缺失", "Gap in recording"),
    "clock": Pair("时钟偏差", "Clock off"),
    "dark": Pair("前端失联", "Edge silent"),
    "gap": Pair("消息缺失", "Messages missing"),
    "canary": Pair("每日试警未到", "Daily test alarm missing"),
    "panic": Pair("紧急求救", "Panic button"),
    "help": Pair("邻里求助", "Help next door"),
    "medical": Pair("医疗求助", "Medical help"),
    "missed": Pair("巡逻漏点", "Patrol missed"),
    "late": Pair("巡逻未开始", "Round not begun"),
    "lone": Pair("独行未报平安", "Lone worker silent"),
    "violence": Pair("打架斗殴", "Violence"),
    "theft": Pair("盗窃", "Theft"),
    "dispute": Pair("纠纷调解", "Dispute"),
    "lost_found": Pair("失物招领", "Lost and found"),
    "hazard": Pair("消防隐患", "Hidden danger"),
    "facility": Pair("设施损坏", "Facility"),
    "rectification": Pair("隐患整改", "Rectification"),
    "other": Pair("其他", "Other"),
}
"""Kinds of alerts and of cases."""

SEVERITY: tuple[Pair, ...] = (
    Pair("紧急", "Urgent"),
    Pair("重要", "High"),
    Pair("一般", "Normal"),
    Pair("提示", "Note"),
)

STAGE: dict[str, Pair] = {
    "REPORTED": Pair("发现", "Reported"),
    "ACCEPTED": Pair("受理", "Accepted"),
    "REJECTED": Pair("不予受理", "Rejected"),
    "MERGED": Pair("并案", "Merged"),
    "DISPATCHED": Pair("派遣", "Dispatched"),
    "HANDLING": Pair("处置", "Handling"),
    "SUSPENDED": Pair("挂账", "Suspended"),
    "HANDLED": Pair("待核查", "Handled"),
    "CLOSED": Pair("结案", "Closed"),
    "EVALUATED": Pair("评估", "Evaluated"),
    "CANCELLED": Pair("撤销", "Cancelled"),
}

ACT: dict[str, Pair] = {
    "report": Pair("上报", "report"),
    "accept": Pair("受理", "accept"),
    "reject": Pair("不予受理", "reject"),
    "merge": Pair("并案", "merge"),
    "unmerge": Pair("撤销并案", "un-merge"),
    "dispatch": Pair("派遣", "dispatch"),
    "acknowledge": Pair("接单", "acknowledge"),
    "en_route": Pair("出发", "set out"),
    "on_scene": Pair("到场", "arrive"),
    "return_request": Pair("申请回退", "ask to return"),
    "return_decide": Pair("审批回退", "decide a return"),
    "suspend_request": Pair("申请挂账", "ask to suspend"),
    "suspend_decide": Pair("审批挂账", "decide a suspension"),
    "resume": Pair("恢复处置", "resume"),
    "handle": Pair("提交处置结果", "submit the result"),
    "verify_close": Pair("核查结案", "verify and close"),
    "rework": Pair("返工", "send back for rework"),
    "evaluate": Pair("评估", "evaluate"),
    "reopen": Pair("重开", "reopen"),
    "cancel": Pair("撤销", "cancel"),
    "priority": Pair("调整级别", "change the priority"),
    "note": Pair("加一条", "add a note"),
    "call": Pair("记录电话", "note a call"),
    "remind": Pair("催办", "remind"),
}

ROLE: dict[str, Pair] = {
    "guard": Pair("保安", "Guard"),
    "shop": Pair("商户", "Shop"),
    "centre": Pair("中心商户", "Centre shop"),
    "monitor": Pair("监控员", "Monitor"),
    "dispatcher": Pair("派遣席", "Dispatcher"),
    "desk": Pair("受理核查席", "Acceptance desk"),
    "leader": Pair("网格长", "Grid leader"),
    "manager": Pair("市场经理", "Market manager"),
    "agency": Pair("职能部门", "Agency"),
    "liaison": Pair("驻场民警", "Police liaison"),
    "district": Pair("街道/区", "Street or district"),
    "auditor": Pair("审计员", "Auditor"),
    "admin": Pair("系统管理员", "Administrator"),
    "volunteer": Pair("信息员", "Information volunteer"),
    "public": Pair("公众", "Public"),
    "display": Pair("大屏", "Wall display"),
    "system": Pair("系统", "System"),
    "device": Pair("设备", "Device"),
    "unit": Pair("处置单位", "Unit"),
    "lead": Pair("值班负责人", "Head of duty"),
}

CLOCK: dict[str, Pair] = {
    "ack": Pair("确认", "acknowledgement"),
    "accept": Pair("受理", "acceptance"),
    "dispatch": Pair("派遣", "dispatch"),
    "on_scene": Pair("到场", "arrival"),
    "handle": Pair("处置", "handling"),
    "verify": Pair("核查", "verification"),
}

OP: dict[str, Pair] = {
    "still": Pair("要一张图", "Fetch a still"),
    "clip": Pair("要一段录像", "Fetch a clip"),
    "relay.start": Pair("开始直播", "Start live view"),
    "relay.stop": Pair("停止直播", "Stop live view"),
    "test-alarm": Pair("发演练告警", "Send a drill alarm"),
    "restart": Pair("重启程序", "Restart the program"),
    "arm": Pair("手动布防", "Arm by hand"),
    "disarm": Pair("手动撤防", "Disarm by hand"),
    "timetable": Pair("恢复按时间表", "Back to the timetable"),
    "siren": Pair("鸣警号", "Sound the siren"),
    "ptz.goto": Pair("云台转到预置位", "Turn a camera to a preset"),
    "ptz.move": Pair("云台转动", "Turn a camera"),
    "ptz.end": Pair("云台归位", "Let a camera go home"),
    "rules.show": Pair("试运行规则", "Show what rules count"),
    "rules.replay": Pair("用录像试规则", "Replay through rules"),
}
"""What a device can be told to do."""

ORDER: dict[str, Pair] = {
    "queued": Pair("排队", "Queued"),
    "sent": Pair("已发，等回复", "Sent, waiting"),
    "done": Pair("做了", "Done"),
    "refused": Pair("设备不做", "Refused"),
    "expired": Pair("作废，没有回复", "Ended without an answer"),
    "applied": Pair("已生效", "Applied"),
    "rejected": Pair("设备不接受", "Rejected by the device"),
    "rolled-back": Pair("试了不行，已退回", "Tried, then rolled back"),
    "replaced": Pair("已被新版代替", "Replaced"),
}
"""What became of a command or a configuration."""

DISMISSAL: dict[str, Pair] = {
    "staff": Pair("自己人", "Our own people"),
    "animal": Pair("动物", "Animal"),
    "light": Pair("光影", "Light or shadow"),
    "authorised": Pair("已报备", "Announced beforehand"),
    "duplicate": Pair("重复", "Duplicate"),
    "other": Pair("其他", "Other"),
}
"""Why an alert was nothing, in the order of the keys 1 to 6."""
