import CausewayAPI
import CausewayJSON
import HTTPTypes

/// The lists of a provider: its runs, its links, drift, and changes of its settings.
struct ProviderTabs: Sendable {
    let texts: Texts

    var routes: [PageRoute] {
        [
            PageRoute(.get, .provider("{id}", .users)) { try await list($0, links($0, .user), .users) },
            PageRoute(.get, .provider("{id}", .groups)) { try await list($0, links($0, .group), .groups) },
            PageRoute(.get, .provider("{id}", .changelog)) { try await changelog($0) },
            PageRoute(.get, .provider("{id}", .runs)) { try await runs($0) },
            PageRoute(.get, .provider("{id}", .drift)) { try await drift($0) },
        ] + FailurePages(texts: texts).routes
    }

    private func list<Row>(_ request: PageRequest, _ definition: ListDefinition<Row>, _ tab: Address.ProviderTab)
        async throws -> PageResponse
    {
        let table = try await ListView(definition: definition, texts: texts).table(request)
        let frame = try await ProviderFrame(request, tab, texts)
        return frame.response(ProviderListPage(frame: frame, list: table), texts)
    }

    private func links(_ request: PageRequest, _ kind: DirectoryKind) -> ListDefinition<LinkView> {
        let id = request.value("id")
        return ListDefinition(
            key: "provisioned_\(kind.rawValue)s",
            address: .provider(id, kind.tab),
            source: "/providers/microsoft_entra_\(kind.rawValue)s/?provider__id=\(id.urlPathPart)",
            columns: [
                .init("name", .name { $0.name }),
                .init("display_name", .text { $0.attributes["displayName"]?.plainText }),
                .init("entra_id", .code { $0.microsoftId }),
                .init("state", .word({ $0.state }, catalog: "presences")),
            ],
            filters: [.init(name: "state", values: Self.states(kind))],
            creation: .nobody
        )
    }

    private func changelog(_ request: PageRequest) async throws -> PageResponse {
        let changelog = try await Changelog.read([("provider", request.value("id"))], request, texts)
        let frame = try await ProviderFrame(request, .changelog, texts)
        return frame.response(ProviderChangelogPage(frame: frame, changelog: changelog), texts)
    }

    /// Groups have no sign-in that could be suspended.
    private static func states(_ kind: DirectoryKind) -> [String] {
        (kind == .user ? ["suspended"] : []) + ["failing", "refused", "deleted"]
    }

    private func runs(_ request: PageRequest) async throws -> PageResponse {
        let id = request.value("id").urlPathPart
        let path = "/causeway/providers/\(id)/runs/?page_size=25&page=\(request.query.page)"
        let found = try await request.api.get(path, as: ResultPage<RunView>.self)
        let chart = BarChart(
            parts: ["done", "failed"].map { ($0, texts("chart.parts.\($0)")) },
            bars: found.results.reversed().map { run in
                BarChart.Bar(
                    label: ShownTime(run.started).map { request.viewer.exact($0.date) } ?? "",
                    counts: [run.done, run.failed],
                    address: Address.run(run.pk).text
                )
            }
        )
        let frame = try await ProviderFrame(request, .runs, texts)
        let page = ProviderRunsPage(
            frame: frame,
            runs: found.results.map { ShownRun($0, texts) },
            chart: chart.drawing(title: texts("runs.chart"), texts),
            pages: Paging(found.pagination, request, texts)
        )
        return frame.response(page, texts)
    }

    /// An entry of drift, as the API returns it.
    private struct DriftView: Decodable {
        let name: String?
        let attribute: String
        let desired: JSONValue?
        let found: JSONValue?
        let status: String
        let seen: String
    }

    private func drift(_ request: PageRequest) async throws -> PageResponse {
        let id = request.value("id").urlPathPart
        let path = "/causeway/providers/\(id)/drift/?page_size=50&page=\(request.query.page)"
        let found = try await request.api.get(path, as: ResultPage<DriftView>.self)
        let rows = found.results.map { drift in
            ProviderDriftPage.Row(
                name: drift.name,
                attribute: drift.attribute,
                wanted: Formatting.value(drift.desired),
                found: Formatting.value(drift.found),
                status: texts("drift_states.\(drift.status)"),
                seen: ShownTime(drift.seen)
            )
        }
        let frame = try await ProviderFrame(request, .drift, texts)
        let page = ProviderDriftPage(
            frame: frame,
            rows: rows,
            isEmpty: rows.isEmpty,
            pages: Paging(found.pagination, request, texts)
        )
        return frame.response(page, texts)
    }
}

/// The template `provider-list`: a list of a provider.
struct ProviderListPage: PageModel {
    static let template = "provider-list"

    let frame: ProviderFrame
    let list: ListTable
}

/// The template `provider-runs`.
struct ProviderRunsPage: PageModel {
    static let template = "provider-runs"

    let frame: ProviderFrame
    let runs: [ShownRun]
    let chart: BarDrawing
    let pages: Paging
}

/// The template `provider-drift`.
struct ProviderDriftPage: PageModel {
    static let template = "provider-drift"

    let frame: ProviderFrame
    let rows: [Row]
    let isEmpty: Bool
    let pages: Paging

    struct Row: TemplateValue {
        let name: String?
        let attribute: String
        let wanted: String
        let found: String
        let status: String
        let seen: ShownTime?
    }
}
