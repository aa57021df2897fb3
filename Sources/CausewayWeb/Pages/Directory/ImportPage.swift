import CausewayAPI
import CausewayJSON
import HTTPTypes

/// The import of users and groups from CSV: a preview, then the import, then the next steps.
struct ImportPage: Sendable {
    let texts: Texts

    static let address = Address.users("import")
    private static let keys = ["user_name", "employee_id", "immutable_id", "email"]

    var routes: [PageRoute] {
        [
            PageRoute(.get, Self.address) { try await show($0, report: nil, problem: nil) },
            PageRoute(.post, Self.address) { try await importLines($0) },
        ]
    }

    private func show(_ request: PageRequest, report: ImportReportView?, problem: String?) async throws -> PageResponse
    {
        try request.requireAdministrator()
        let isPreview = request.form["dry_run"] == "true"
        let page = ImportModel(
            report: report.map { ImportModel.Report($0, isPreview: isPreview, texts) },
            // After the import, the form is empty.
            isForm: report == nil || isPreview,
            problem: problem,
            users: request.form["users"] ?? "",
            groups: request.form["groups"] ?? "",
            map: request.form["map"] ?? "",
            keys: Self.keys.map {
                ChoiceOption(value: $0, label: texts("import.keys.\($0)"), isChosen: $0 == request.form["key"])
            },
            isExact: request.form["exact"] == "true"
        )
        let trail = [PageLink(title: texts("places.users"), address: .users)]
        let content = PageContent(page, title: texts("import.title"), place: "users", trail: trail)
        return .page(content, status: problem == nil ? 200 : 422)
    }

    private func importLines(_ request: PageRequest) async throws -> PageResponse {
        var body: [String: JSONValue] = [
            "exact": .bool(request.form["exact"] == "true"), "dry_run": .bool(request.form["dry_run"] == "true"),
        ]
        for name in ["users", "groups"] { body[name] = .string(request.form[name] ?? "") }
        let lines = (request.form["map"] ?? "").split(whereSeparator: \.isNewline).map {
            FormReading.trimmed(String($0))
        }
        body["map"] = JSONValue(lines.filter { !$0.isEmpty })
        if let key = request.form["key"], Self.keys.contains(key) { body["key"] = .string(key) }
        let answer = await request.api.send(.post, "/causeway/import/", .object(body))
        guard answer.status == 200 else {
            guard answer.status == 400 else { _ = try answer.expected(); throw PageError.notFound }
            return try await show(request, report: nil, problem: answer.problem)
        }
        return try await show(request, report: try answer.expected(as: ImportReportView.self), problem: nil)
    }
}
