import CausewayAPI
import CausewayJSON
import HTTPTypes

/// The preview below a mapping's editor: what the edited expression returns for some objects, and what would change in Entra.
struct MappingPreviewPanel: Sendable {
    let texts: Texts

    private static let sampleSize: Int64 = 100
    /// The number of results that are open.
    private static let openCount = 3

    var preview: FormPreview {
        FormPreview(key: "mapping", isLive: true, fields: fields) { body, id, request in
            try await run(body, id, request)
        }
    }

    private func fields(_ request: PageRequest) async throws -> PreviewFields {
        let providers = try await request.api.providers()
        let chosen = request.form["_provider"] ?? ""
        let isOfGroups = providers.contains { $0.propertyMappingsGroup.contains(request.value("id")) }
        let any = ChoiceOption(value: "", label: texts("previews.mapping.any_provider"), isChosen: false)
        return PreviewFields(
            asks: true,
            people: try await people(request, isOfGroups: isOfGroups),
            groups: request.form["_groups"] ?? "",
            isSample: request.form["_sample"] == "true",
            providers: [any] + providers.map { ChoiceOption(value: $0.id, label: $0.name, isChosen: $0.id == chosen) },
            hasProviders: !providers.isEmpty
        )
    }

    /// Who is entered: at first a user that providers are likely to have in scope, and not the administrator who reads the page.
    private func people(_ request: PageRequest, isOfGroups: Bool) async throws -> String {
        if let entered = request.form["_people"] { return entered }
        if isOfGroups { return "" }
        let path = "/core/users/?is_active=true&include_groups=false&page_size=20&ordering=username"
        let users = try await request.api.rows(path, as: UserView.self)
        let own = request.session?.username ?? ""
        return users.first { !$0.email.isEmpty && $0.username != own }?.username ?? own
    }

    private func run(_ body: JSONValue, _ id: String?, _ request: PageRequest) async throws -> FormPreview.Result {
        let isSample = request.form["_sample"] == "true"
        var unknown: [String] = []
        func keys<Key>(_ field: String, _ find: (String) async throws -> Key?) async throws -> [Key] {
            var keys: [Key] = []
            for name in Self.names(request.form[field]) where !isSample {
                if let key = try await find(name) { keys.append(key) } else { unknown.append(name) }
            }
            return keys
        }
        let users = try await keys("_people", request.api.user(named:))
        let groups = try await keys("_groups", request.api.group(named:))
        let asked: JSONValue = [
            "mapping": JSONValue(id), "expression": body["expression"] ?? "",
            "users": .array(users.map(JSONValue.integer)), "groups": JSONValue(groups),
            "provider": request.form["_provider"].flatMap { Int64($0) }.map(JSONValue.integer) ?? .null,
            "sample": .integer(isSample ? Self.sampleSize : 0),
        ]
        let answer = await request.api.send(.post, "/causeway/mappings/preview/", asked)
        guard answer.status == 200 else { return .refused(answer) }
        return .shown(result(try answer.expected(as: MappingPreviewView.self), unknown: unknown))
    }

    private static func names(_ text: String?) -> [String] {
        (text ?? "").split(whereSeparator: { ",;\n".contains($0) }).map { FormReading.trimmed(String($0)) }.filter {
            !$0.isEmpty
        }
    }

    private func result(_ preview: MappingPreviewView, unknown: [String]) -> PreviewResult {
        let problems = preview.problems.map { problem in
            let place = problem.line.map { texts("previews.mapping.line", ["line": "\($0)"]) + " " } ?? ""
            return place + "\(texts.message(problem.message)) \(texts.message(problem.remedy))"
        }
        let results = preview.results
        // Failures come first, because people look for them.
        let sorted = results.filter(\.isRefused) + results.filter { !$0.isRefused }
        return PreviewResult(
            verdict: verdict(results, hasProblems: !problems.isEmpty),
            codeProblems: problems + unknown.map { texts("forms.no_such_object", ["name": $0]) },
            results: sorted.enumerated().map { object($1, isOpen: $0 < Self.openCount) }
        )
    }

    private func verdict(_ results: [MappingPreviewView.Object], hasProblems: Bool) -> String {
        if hasProblems { return texts("previews.mapping.does_not_compile") }
        return texts(
            "previews.mapping.verdict",
            [
                "count": texts.number(results.count),
                "changed": texts.number(results.count { !$0.actions.isEmpty }),
                "skipped": texts.number(results.count { $0.outcome.state == "skipped" }),
                "failed": texts.number(results.count(where: \.isRefused)),
            ]
        )
    }

    private static let shapes = ["properties": "in_sync", "skipped": "dry_run", "refused": "failing"]

    private func object(_ object: MappingPreviewView.Object, isOpen: Bool) -> PreviewResult.Object {
        let state = object.outcome.state
        let changes = object.actions.flatMap(\.changes).map(ShownChange.init)
        let verbs = object.actions.map { texts.verb($0.action, object.kind) }
        let properties = object.outcome.properties ?? [:]
        let log = object.log.map(\.text).joined(separator: "\n")
        let sentence = verbs.isEmpty ? texts("previews.mapping.nothing") : verbs.joined(separator: ", ")
        return PreviewResult.Object(
            name: object.name,
            word: texts("previews.mapping.states.\(state)"),
            shape: Self.shapes[state] ?? "none",
            isOpen: isOpen,
            sentence: object.scope.included ? sentence : texts.message(object.scope.reason),
            message: object.outcome.message,
            remedy: object.outcome.remedy,
            changes: changes,
            hasChanges: !changes.isEmpty,
            warnings: object.warnings,
            hasGraph: properties.object?.isEmpty == false,
            graph: properties.prettyText,
            hasLog: !log.isEmpty,
            log: log
        )
    }
}

/// The preview of a mapping for several objects, as the API returns it.
struct MappingPreviewView: Decodable, Sendable {
    /// The errors in the expression.
    let problems: [Problem]
    let results: [Object]

    struct Problem: Decodable, Sendable {
        let line: Int?
        let message: Message
        let remedy: Message
    }

    struct Object: Decodable, Sendable {
        let kind: DirectoryKind
        let name: String
        let scope: ScopeView
        let outcome: Outcome
        let actions: [Action]
        let log: [LogLine]
        let warnings: [Message]

        var isRefused: Bool { outcome.state == "refused" }
    }

    struct Outcome: Decodable, Sendable {
        let state: String
        let properties: JSONValue?
        let message: Message?
        let remedy: Message?
    }

    struct Action: Decodable, Sendable {
        let action: String
        let changes: [ChangeView]
    }

    struct LogLine: Decodable, Sendable {
        let text: String
    }
}
