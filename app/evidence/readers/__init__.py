"""Owns the list of mappings: which foreign ticket files we read, and by which documentation. Reads nothing itself."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, tzinfo
from pathlib import Path
from typing import Protocol

from app.evidence.readers import freshdesk, generic_table, jira_rest, metric_series, zendesk_tables
from app.evidence.readers.mapped import MappedReader
from app.evidence.readers.mapping_files import MappingFile, shipped
from app.evidence.readers.metric_series import MetricRecord
from app.evidence.tickets import RefusedRow, TicketRecord


class Read(Protocol):
    """Reads one file, folder or archive; never raises for what stands in it. Figures come from `metric-series` only.

    `zone` is where times without an offset are local; `unused`, if given, receives how many rows were read but belong
    to no ticket, by kind. A ticket may come several times; the newest counts (`updated_at`, then the larger hash), so
    reading twice, or the same pages in another order, gives the same tickets.
    """

    def __call__(
        self, path: Path, zone: tzinfo = ..., unused: Counter[str] | None = ...
    ) -> Iterator[TicketRecord | MetricRecord | RefusedRow]: ...


@dataclass(frozen=True)
class Mapping:
    """One way of reading tickets. Titles and what is read are in both languages, for `pick`.

    `source` is where the format is documented, `dated` the day we last compared with it. `local_times` says whether
    times without an offset are the organisation's (else they are the source's, whatever zone is given). `tried` says
    whether it was compared with a live export or only with `document`.
    """

    name: str
    title: str
    title_zh: str
    reads: str
    reads_zh: str
    source: str
    dated: date
    local_times: bool
    read: Read
    tried: bool = True
    document: str = ""
    notes: str = ""
    notes_zh: str = ""


_ALL = (
    Mapping(
        zendesk_tables.NAME,
        "Zendesk tables",
        "Zendesk 数据表",
        "A folder or zip of CSV tables: ticket_data, ticket_comment_data, ticket_tag_data, ticket_field_history_data, group_data",
        "含 CSV 数据表的文件夹或 zip：ticket_data、ticket_comment_data、ticket_tag_data、ticket_field_history_data、group_data",
        "https://fivetran.com/docs/connectors/applications/zendesk",
        date(2026, 11, 22),
        False,
        zendesk_tables.read,
    ),
    Mapping(
        jira_rest.NAME,
        "Jira REST answers",
        "Jira REST 接口数据",
        "Search results, single issues and comment pages as JSON, one file or a folder of them",
        "JSON 格式的搜索结果、单个事务和评论页，单个文件或文件夹",
        "https://developer.atlassian.com/cloud/jira/platform/rest/v2/",
        date(2026, 11, 22),
        False,
        jira_rest.read,
    ),
    Mapping(
        freshdesk.NAME,
        "Freshdesk answers",
        "Freshdesk 接口数据",
        "Lists of tickets, single tickets and conversations of interface version 2 as JSON, one file or a folder of them",
        "接口第 2 版的 JSON 数据：工单列表、单个工单和会话，单个文件或文件夹",
        "https://developers.freshdesk.com/api/",
        date(2026, 11, 22),
        False,
        freshdesk.read,
    ),
    Mapping(
        generic_table.NAME,
        "Any table",
        "通用表格",
        "CSV, XLSX, JSON or JSON Lines with one ticket a row; columns under our names or their Chinese ones",
        "CSV、XLSX、JSON 或 JSON Lines，每行一张工单；列名用本系统的英文名或中文名",
        "docs/imports.md",
        date(2026, 11, 22),
        True,
        generic_table.read,
    ),
    Mapping(
        metric_series.NAME,
        "Metric series",
        "指标数据",
        "CSV, XLSX, JSON or JSON Lines with one figure a row: date, measure, value, unit; n, team and region may be missing",
        "CSV、XLSX、JSON 或 JSON Lines，每行一个数值：日期、指标、数值、单位；样本量、班组和区域可以没有",
        "docs/imports.md",
        date(2026, 11, 22),
        True,
        metric_series.read,
    ),
)


def from_file(made: MappingFile) -> Mapping:
    """Returns a mapping that is kept as data, ready to read."""
    return Mapping(
        made.name, made.title, made.title_zh, made.reads, made.reads_zh, made.url, made.dated,
        made.zone is None, MappedReader(made), made.tried, made.document, made.notes, made.notes_zh,
    )  # fmt: skip


MAPPINGS: dict[str, Mapping] = {
    mapping.name: mapping for mapping in (*_ALL, *(from_file(made) for made in shipped()))
}

__all__ = ["MAPPINGS", "Mapping", "MetricRecord", "Read", "RefusedRow", "TicketRecord", "from_file"]
