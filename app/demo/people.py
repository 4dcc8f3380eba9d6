"""Owns the made-up people of the demonstration: departments, regions, teams, about forty accounts in all roles."""

import datetime as dt
from dataclasses import dataclass

from app.core.access import SYSTEM, Actor, Role
from app.demo.ticket_settings import AGENTS, TEAMS
from app.people import queries, service
from app.people.models import Person

PASSWORD = "touchstone-demo"  # noqa: S105 - the one password of all demonstration accounts, told to everybody

DEPARTMENTS = {
    "service": ("客服部", "Service"),
    "legal": ("法务部", "Legal"),
    "it": ("信息技术部", "IT"),
    "sales": ("销售部", "Sales"),
    "operations": ("运营部", "Operations"),
}
REGIONS = {"east": ("华东", "East China"), "north": ("华北", "North China"), "south": ("华南", "South China")}


@dataclass(frozen=True)
class Account:
    """One made-up person. `shown` puts it on the list of accounts a newcomer should try."""

    sign_in_name: str
    name: str
    name_latin: str
    department: str
    roles: tuple[Role, ...]
    team: str | None = None
    shown: str = ""


R = Role
ACCOUNTS: tuple[Account, ...] = (
    Account(
        "wangfang", "王芳", "Wang Fang", "service", (R.SERVICE_DIRECTOR,), shown="service director 客服总监"
    ),
    Account("heping", "何平", "He Ping", "service", (R.COMMITTEE_CHAIR,), shown="committee chair 主任委员"),
    Account("guomin", "郭敏", "Guo Min", "operations", (R.COMMITTEE_MEMBER,)),
    Account("dengchao", "邓超", "Deng Chao", "sales", (R.COMMITTEE_MEMBER,)),
    Account("liming", "李明", "Li Ming", "service", (R.DRAFTER,), shown="drafter 起草人"),
    Account("zhoujie", "周洁", "Zhou Jie", "service", (R.DRAFTER,)),
    Account(
        "zhaolv", "赵律", "Zhao Lü", "legal", (R.LEGAL_REVIEWER, R.ASSESSOR), shown="legal reviewer 法务评审"
    ),
    Account("sunlv", "孙律", "Sun Lü", "legal", (R.LEGAL_REVIEWER,)),
    Account(
        "zhangwei", "张伟", "Zhang Wei", "it", (R.IT_REVIEWER, R.ASSESSOR), shown="IT reviewer IT 可行性"
    ),
    Account("xuehua", "薛华", "Xue Hua", "it", (R.IT_REVIEWER,)),
    Account(
        "chenjing",
        "陈静",
        "Chen Jing",
        "sales",
        (R.BUSINESS_REVIEWER, R.ASSESSOR),
        shown="business reviewer 业务评审",
    ),
    Account("liuyang", "刘洋", "Liu Yang", "operations", (R.BUSINESS_REVIEWER, R.ASSESSOR)),
    Account("tanglei", "唐磊", "Tang Lei", "operations", (R.PILOT_LEAD,), shown="pilot lead 试点负责人"),
    Account("mali", "马丽", "Ma Li", "service", (R.TRAINER,), shown="trainer 培训师"),
    Account("zhuhong", "朱红", "Zhu Hong", "service", (R.TEAM_LEAD,), "east-1", shown="team lead 班组长"),
    Account("qianjin", "钱进", "Qian Jin", "service", (R.TEAM_LEAD,), "north-1"),
    Account("yusong", "于松", "Yu Song", "service", (R.TEAM_LEAD,), "south-1"),
    Account("gaojie", "高洁", "Gao Jie", "operations", (R.QA_AUDITOR,), shown="QA auditor 质检员"),
    Account("fanlin", "范琳", "Fan Lin", "operations", (R.QA_AUDITOR,)),
    Account("luolan", "罗兰", "Luo Lan", "it", (R.LIAISON,)),
    Account("owen", "欧文", "Owen Wells", "legal", (R.OUTSIDE_AUDITOR,), shown="outside auditor 外部审核员"),
    Account("lintao", "林涛", "Lin Tao", "it", (R.ADMIN,), shown="administrator 系统管理员"),
)
AGENT_NAMES = (
    ("wumin", "吴敏", "Wu Min"), ("xuqiang", "徐强", "Xu Qiang"), ("huli", "胡丽", "Hu Li"),
    ("linfei", "林菲", "Lin Fei"), ("maobin", "毛斌", "Mao Bin"), ("shenyue", "沈悦", "Shen Yue"),
    ("caojun", "曹军", "Cao Jun"), ("pengyan", "彭燕", "Peng Yan"), ("jiangtao", "蒋涛", "Jiang Tao"),
    ("donghui", "董慧", "Dong Hui"), ("yuanlei", "袁磊", "Yuan Lei"), ("fangting", "方婷", "Fang Ting"),
    ("renhao", "任浩", "Ren Hao"), ("jinxin", "金鑫", "Jin Xin"), ("weiwei", "魏薇", "Wei Wei"),
    ("taoran", "陶然", "Tao Ran"), ("xiaqing", "夏晴", "Xia Qing"), ("dingyi", "丁毅", "Ding Yi"),
)  # fmt: skip
JOINER = ("lvxin", "吕欣", "Lü Xin")


def make_people(joined_on: dt.date, auditor_until: dt.date) -> None:
    """Adds departments, regions, teams and all accounts; the caller commits."""
    departments = {code: service.add_department(SYSTEM, code, *names) for code, names in DEPARTMENTS.items()}
    regions = {code: service.add_region(SYSTEM, code, *names) for code, names in REGIONS.items()}
    teams = {}
    for code in TEAMS:
        region, number = code.split("-")
        zh, en = (
            f"{REGIONS[region][0]}客服{'一二'[int(number) - 1]}组",
            f"{REGIONS[region][1]} service team {number}",
        )
        teams[code] = service.add_team(SYSTEM, code, zh, en, departments["service"].id, regions[region].id)
    for account in ACCOUNTS:
        team = teams[account.team] if account.team else None
        person = _add(account.sign_in_name, account.name, account.name_latin, departments[account.department].id,
                      team.id if team else None, team.region_id if team else None, None, joined_on)  # fmt: skip
        for role in account.roles:
            service.grant_role(
                SYSTEM,
                person.id,
                role,
                region_id=team.region_id if team and role is Role.TEAM_LEAD else None,
                ends_on=auditor_until if role is Role.OUTSIDE_AUDITOR else None,
            )
    codes = [(team, code) for team in TEAMS for code in AGENTS[team]]
    for (team_code, agent_code), (name, zh, latin) in zip(codes, AGENT_NAMES, strict=True):
        team = teams[team_code]
        person = _add(
            name, zh, latin, departments["service"].id, team.id, team.region_id, agent_code, joined_on
        )
        service.grant_role(SYSTEM, person.id, Role.AGENT, team_id=team.id)
    backups = {
        "zhaolv": "sunlv",
        "zhangwei": "xuehua",
        "chenjing": "liuyang",
        "liming": "zhoujie",
        "gaojie": "fanlin",
    }
    for name, backup in backups.items():
        service.set_absence(SYSTEM, who(name).id, None, None, who(backup).id)


def add_joiner(joined_on: dt.date) -> Person:
    """Adds an agent who joins later, by the verbs an administrator uses, and returns the account."""
    team = next(t for t in queries.teams() if t.code == "east-1")
    department = next(d for d in queries.departments() if d.code == "service")
    person = _add(*JOINER, department.id, team.id, team.region_id, "east-1-04", joined_on)
    service.grant_role(SYSTEM, person.id, Role.AGENT, team_id=team.id)
    return person


def who(name: str) -> Person:
    """Returns the made-up person with this sign-in name. Raises LookupError."""
    person = queries.by_sign_in_name(name)
    if person is None:
        raise LookupError(name)
    return person


def actor(name: str) -> Actor:
    """Returns the made-up person as somebody who acts."""
    return queries.actor_for(who(name))


def _add(
    name: str, zh: str, latin: str, department_id: int, team_id: int | None, region_id: int | None,
    agent_code: str | None, joined_on: dt.date,
) -> Person:  # fmt: skip
    return service.add_person(
        SYSTEM,
        sign_in_name=name,
        name=zh,
        name_latin=latin,
        department_id=department_id,
        team_id=team_id,
        region_id=region_id,
        agent_code=agent_code,
        password=PASSWORD,
        email=f"{name}@demo.invalid",
        joined_on=joined_on,
    )
