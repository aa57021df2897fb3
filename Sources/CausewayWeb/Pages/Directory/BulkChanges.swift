import CausewayAPI
import CausewayJSON
import Foundation
import HTTPTypes

/// An action on several users or groups. A page says what will happen to how many objects, and its button does it; the next page says how
/// far it is, until it is done.
struct BulkChanges: Sendable {
    let texts: Texts
    let kind: Kind

    /// The kind of the objects.
    enum Kind: String, Sendable {
        case users, groups

        var actions: [String] {
            self == .users ? ["activate", "deactivate", "add", "remove", "delete"] : ["add", "remove", "delete"]
        }
        var address: Address { self == .users ? .users : .groups }
        fileprivate var collection: String { "/core/\(rawValue)/" }
        fileprivate var list: String {
            self == .users
                ? "/core/users/?include_groups=false&include_roles=false" : "/core/groups/?include_users=false"
        }
        fileprivate var name: String { self == .users ? "username" : "name" }
    }

    private static let harmless = ["activate", "add"]
    /// How many names a confirmation shows.
    private static let shown = 10

    var routes: [PageRoute] {
        let address = kind.address.bulk
        return [
            PageRoute(.post, address) { try await confirm($0) },
            PageRoute(.post, address("{action}")) { try await perform($0) },
            PageRoute(.get, address("{id}")) { try await show($0) },
        ]
    }

    /// What is selected: some rows, or all that match the filter of the list.
    private enum Selection {
        case these([String])
        case matching(FormFields, count: Int)

        private static let conditions: Set = ["search", "is_active", "type"]

        /// A value that cannot be a key is left out.
        init(_ form: FormFields, _ kind: Kind) {
            if form["matching"] == "true" {
                let filter = FormFields(text: form["filter"] ?? "").items.filter { Self.conditions.contains($0.name) }
                self = .matching(FormFields(filter), count: Int(form["count"] ?? "") ?? 0)
            } else {
                let keys = form.all("chosen")
                self = .these(keys.filter { kind == .users ? Int64($0) != nil : UUID(uuidString: $0) != nil })
            }
        }

        var count: Int {
            switch self {
            case .these(let keys): keys.count
            case .matching(_, let count): count
            }
        }

        /// The selection in a form.
        var hidden: [HiddenField] {
            switch self {
            case .these(let keys): keys.map { HiddenField(name: "chosen", value: $0) }
            case .matching(let filter, let count):
                [
                    HiddenField(name: "matching", value: "true"), HiddenField(name: "filter", value: filter.text()),
                    HiddenField(name: "count", value: "\(count)"),
                ]
            }
        }
    }

    /// A selected object, as the API returns it.
    private struct RowView: Decodable {
        let username: String?
        let name: String
    }

    /// The selection with the present count, and the names of its first objects.
    private func seen(_ selection: Selection, _ api: APIClient) async throws -> (Selection, names: [String]) {
        switch selection {
        case .these(let keys):
            var names: [String] = []
            for key in keys.prefix(Self.shown) { names.append(await name(of: key, api)) }
            return (selection, names)
        case .matching(let filter, _):
            let list = "\(kind.list)&page_size=\(Self.shown)".adding(filter.items)
            let page = try await api.get(list, as: ResultPage<RowView>.self)
            return (.matching(filter, count: page.pagination.count), page.results.map { $0.username ?? $0.name })
        }
    }

    private func name(of key: String, _ api: APIClient) async -> String {
        let path = "\(kind.collection)\(key)/\(kind == .groups ? "?include_users=false" : "")"
        return await api.send(.get, path).body[kind.name]?.string ?? key
    }

    private func text(_ key: String) -> String { "bulk.\(kind.rawValue).\(key)" }

    private func confirm(_ request: PageRequest) async throws -> PageResponse {
        try request.requireAdministrator()
        let action = request.form["action"] ?? ""
        let (selection, names) = try await seen(Selection(request.form, kind), request.api)
        guard kind.actions.contains(action) else { throw PageError.notFound }
        let isOfGroup = ["add", "remove"].contains(action)
        let name = request.form["group"] ?? ""
        let group = isOfGroup ? try await request.api.group(named: name) : nil
        if selection.count == 0 { return refused(texts("bulk.none"), request) }
        if isOfGroup, group == nil { return refused(texts("forms.no_such_object", ["name": name]), request) }
        let warning = try await warning(action, selection, group, request.api)
        let title = texts(text("\(action).question"), count: selection.count, ["group": name])
        let page = ConfirmPage(
            question: title,
            consequence: [warning, texts(text("\(action).consequence"))].compactMap(\.self).joined(separator: " "),
            uses: names,
            isUsed: true,
            usesTitle: texts("decisions.first"),
            submit: texts(warning == nil ? text("\(action).verb") : "superusers.verb"),
            cancel: kind.address,
            action: kind.address.bulk(action).text,
            isHarmless: warning == nil && Self.harmless.contains(action),
            hidden: selection.hidden
                + (group.map { [HiddenField(name: "group", value: $0)] } ?? [])
        )
        return .page(PageContent(page, title: title, place: kind.rawValue, trail: trail))
    }

    /// The warning before those who are added become administrators of Causeway.
    private func warning(_ action: String, _ selection: Selection, _ group: String?, _ api: APIClient) async throws
        -> String?
    {
        guard action == "add", let group else { return nil }
        var children: [String] = []
        if case .these(let keys) = selection { children = keys }
        return try await SuperuserQuestion(texts: texts).warning(adding: kind, children, to: group, api)
    }

    private var trail: [PageLink] { [PageLink(title: texts("places.\(kind.rawValue)"), address: kind.address)] }

    private func refused(_ problem: String, _ request: PageRequest) -> PageResponse {
        let page = RefusedPage(problem: problem, back: kind.address, backWords: texts(text("back")))
        return .page(PageContent(page, title: texts("bulk.title"), place: kind.rawValue, trail: trail), status: 422)
    }

    /// A change and how far it is, as the API returns it.
    private struct BulkView: Decodable {
        let pk: String
        let kind: String
        let action: String
        /// `running`, `done`, `stopped` (a part was refused), or `interrupted` (by the end of the server).
        let status: String
        let total: Int
        let done: Int
        let failed: Int
        let failures: [Failure]
        let message: String

        struct Failure: Decodable {
            let name: String
            let message: Message
        }
    }

    /// A failure is reported and does not stop the others. The API refuses if the filter finds another number than the page said. It makes
    /// the first changes before it answers, and the others whether or not a browser waits for them.
    private func perform(_ request: PageRequest) async throws -> PageResponse {
        try request.requireAdministrator()
        let action = request.value("action")
        guard kind.actions.contains(action) else { throw PageError.notFound }
        var body: [String: JSONValue] = ["action": .string(action), "background": true]
        if let group = request.form["group"], !group.isEmpty { body["group"] = .string(group) }
        switch Selection(request.form, kind) {
        case .these(let keys):
            body[kind.rawValue] = .array(keys.map { kind == .users ? .integer(Int64($0) ?? 0) : .string($0) })
        case .matching(let filter, let count):
            body["matching"] = Self.matching(filter)
            body["count"] = .integer(Int64(count))
        }
        let answer = await request.api.send(.post, "/causeway/\(kind.rawValue)/bulk/", .object(body))
        guard ![400, 409].contains(answer.status) else { return refused(answer.problem(texts), request) }
        return .redirect(to: kind.address.bulk(try answer.expected(as: BulkView.self).pk))
    }

    /// The filter of a list as the API's member.
    private static func matching(_ filter: FormFields) -> JSONValue {
        var members: [String: JSONValue] = [:]
        if let search = filter["search"] { members["search"] = .string(search) }
        if let isActive = filter["is_active"] { members["is_active"] = .bool(isActive == "true") }
        if let type = filter["type"] { members["type"] = JSONValue([type]) }
        return .object(members)
    }

    private func show(_ request: PageRequest) async throws -> PageResponse {
        let path = "/causeway/bulk/\(request.value("id").urlPathPart)/"
        let view = try await request.api.get(path, as: BulkView.self)
        guard view.kind == kind.rawValue, kind.actions.contains(view.action) else { throw PageError.notFound }
        let unnamed = view.failed - view.failures.count
        let further = unnamed > 0 ? [texts("bulk.further", ["count": texts.number(unnamed)])] : []
        let settled = view.done + view.failed
        let isRunning = view.status == "running"
        let page = BulkResultPage(
            done: isRunning ? nil : texts("bulk.done", ["count": texts.number(view.done)]),
            failures: view.failures.map { "\($0.name): \(texts.message($0.message))" } + further,
            hasFailures: view.failed > 0,
            isRunning: isRunning,
            progress: texts("bulk.progress", ["done": texts.number(settled), "total": texts.number(view.total)]),
            settled: settled,
            total: view.total,
            state: "/api/v3\(path)",
            address: request.address,
            early: early(view, left: view.total - settled),
            message: texts.message(view.message),
            back: kind.address,
            backWords: texts(text("back"))
        )
        let title = texts(text("\(view.action).verb"))
        return .page(PageContent(page, title: title, place: kind.rawValue, trail: trail))
    }

    /// What is said of a change that ended before its last object.
    private func early(_ view: BulkView, left: Int) -> String? {
        guard ["stopped", "interrupted"].contains(view.status) else { return nil }
        return texts("bulk.\(view.status)", count: left)
    }
}

/// The template `bulk-result`. The layout shows the sentence about the action, as on every page.
struct BulkResultPage: PageModel {
    static let template = "bulk-result"

    /// Nil while it is running.
    let done: String?
    /// The objects that could not be changed, with the reasons.
    let failures: [String]
    let hasFailures: Bool
    let isRunning: Bool
    let progress: String
    let settled: Int
    let total: Int
    /// Where a script reads how far it is.
    let state: String
    /// The page itself.
    let address: String
    /// Why it ended early, and how many objects it did not come to.
    let early: String?
    let message: String
    let back: Address
    let backWords: String
}
