import CausewayAPI
import CausewayJSON
import CausewayModel
import HTTPTypes

/// The import of users and groups from CSV: a preview in which columns can be given another meaning, then the import, then the next
/// steps.
struct ImportPage: Sendable {
    let texts: Texts

    static let address = Address.users("import")
    private static let keys = ["user_name", "employee_id", "immutable_id", "email"]
    /// How many providers are shown after an import.
    private static let mostProviders = 10

    var routes: [PageRoute] {
        [
            PageRoute(.get, Self.address) { request in
                guard let key = request.query["result"] else { return try await show(request) }
                return try await showResult(key, request)
            },
            PageRoute(.post, Self.address) { try await importLines($0) },
        ]
    }

    private func importLines(_ request: PageRequest) async throws -> PageResponse {
        let isDownload = request.form["changes"] == "true"
        var body = Self.body(request)
        if isDownload { body.merge(["dry_run": true, "list_changes": true]) { $1 } }
        let answer = await request.api.send(.post, "/causeway/import/", .object(body))
        guard answer.status == 200 else {
            guard answer.status == 400 else { _ = try answer.expected(); throw PageError.notFound }
            return try await show(request, problem: answer.problem(texts))
        }
        let report = try answer.expected(as: ImportReportView.self)
        if isDownload { return Self.download(report.changes) }
        guard request.form["dry_run"] != "true" else { return try await show(request, report: report) }
        // The import is done, whether or not its result can be kept.
        guard let key = try? await results(request).keep(answer.body) else {
            return try await show(request, report: report)
        }
        return .redirect(Self.address.query([("result", key)]))
    }

    private func showResult(_ key: String, _ request: PageRequest) async throws -> PageResponse {
        try request.requireAdministrator()
        if let report = try await results(request).report(key) {
            return try await show(request, report: report)
        }
        let page = RefusedPage(problem: texts("import.gone"), back: .events, backWords: texts("import.to_log"))
        return .page(PageContent(page, title: texts("import.title"), place: "users", trail: trail), status: 404)
    }

    private func results(_ request: PageRequest) -> ImportResults {
        ImportResults(texts: request.api.keptTexts, user: request.session?.username ?? "")
    }

    private var trail: [PageLink] { [PageLink(title: texts("places.users"), address: .users)] }

    /// The chosen meanings of columns come last: they take precedence over typed ones.
    private static func body(_ request: PageRequest) -> [String: JSONValue] {
        let form = request.form
        let typed = (form["map"] ?? "").split(whereSeparator: \.isNewline).map { FormReading.trimmed(String($0)) }
        var body: [String: JSONValue] = [
            "exact": .bool(form["exact"] == "true"), "dry_run": .bool(form["dry_run"] == "true"),
            "map": JSONValue((typed + form.all("column")).filter { !$0.isEmpty }),
        ]
        for name in ["users", "groups"] {
            body[name] = .string(form[name] ?? "")
            if let file = form["\(name)_file"], !file.isEmpty { body["\(name)_file"] = .string(file) }
        }
        if let key = form["key"], keys.contains(key) { body["key"] = .string(key) }
        return body
    }

    private func show(_ request: PageRequest, report: ImportReportView? = nil, problem: String? = nil) async throws
        -> PageResponse
    {
        try request.requireAdministrator()
        let isPreview = request.form["dry_run"] == "true"
        let isDone = report != nil && !isPreview
        let hasUsers = request.form["users"]?.isEmpty == false
        let providers = isDone ? try await self.providers(request.api) : []
        let page = ImportModel(
            report: report.map { ImportModel.Report($0, isPreview: isPreview, hasUsers: hasUsers, texts) },
            columns: isDone ? nil : try await columns(request, report?.files.first),
            providers: providers,
            hasProviders: !providers.isEmpty,
            // After the import, the form is empty.
            isForm: !isDone,
            isPreviewed: report != nil && isPreview,
            problem: problem,
            users: request.form["users"] ?? "",
            groups: request.form["groups"] ?? "",
            usersFile: request.form["users_file"] ?? "",
            groupsFile: request.form["groups_file"] ?? "",
            map: request.form["map"] ?? "",
            keys: Self.keys.map {
                ChoiceOption(value: $0, label: texts("import.keys.\($0)"), isChosen: $0 == request.form["key"])
            },
            isExact: request.form["exact"] == "true"
        )
        let content = PageContent(page, title: texts("import.title"), place: "users", trail: trail)
        return .page(content, status: problem == nil ? 200 : 422)
    }

    /// The columns of the users, to choose their meanings; nil if there are none.
    ///
    /// - Parameter file: how they were read; nil if the file could not be imported.
    private func columns(_ request: PageRequest, _ file: ImportReportView.File?) async throws -> ImportModel.Columns? {
        guard let users = request.form["users"], !users.isEmpty else { return nil }
        let answer = await request.api.send(.post, "/causeway/import/columns/", ["users": .string(users)])
        guard answer.status == 200 else { return nil }
        let recognized = try answer.expected(as: ImportColumnsView.self)
        let read = file?.columns.count == recognized.columns.count ? file : nil
        return ImportModel.Columns(recognized, read, chosen: request.form.all("column"), texts)
    }

    /// The providers that send the users to Entra next.
    private func providers(_ api: APIClient) async throws -> [ImportModel.Provider] {
        var shown: [ImportModel.Provider] = []
        for provider in try await api.providers().prefix(Self.mostProviders) {
            let state = try await api.get("/causeway/providers/\(provider.pk)/state/", as: ProviderStateView.self).state
            shown.append(
                ImportModel.Provider(
                    name: provider.name,
                    address: .provider(provider.pk),
                    state: state,
                    stateWords: texts("states.\(state)")
                )
            )
        }
        return shown
    }

    /// All changes as CSV.
    private static func download(_ changes: [ImportReportView.Change]) -> PageResponse {
        let header = ["line", "change", "username", "former_username", "fields"]
        let lines = changes.map { change in
            [
                "\(change.line)", change.change, change.username, change.formerUsername,
                change.fields.joined(separator: ";"),
            ]
        }
        let text = ([header] + lines).map(CSVText.line).joined()
        return .file(PageFile(name: "import-changes.csv", type: "text/csv; charset=utf-8", bytes: Array(text.utf8)))
    }
}
