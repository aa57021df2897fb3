import CausewayAPI
import CausewayJSON
import HTTPTypes

/// The preview below a mapping's editor: what the expression as it stands makes of some people, and what would change in Entra.
struct MappingTrial: Sendable {
    let texts: Texts

    private static let sampleSize: Int64 = 100
    /// The number of results that are unfolded.
    private static let openCount = 3

    var trial: FormTrial {
        FormTrial(key: "mapping", isLive: true, fields: fields) { body, id, request in
            try await run(body, id, request)
        }
    }

    private func fields(_ request: PageRequest) async throws -> [String: JSONValue] {
        let providers = try await request.api.providers()
        let chosen = request.form["_provider"] ?? ""
        let isOfGroups = providers.contains {
            $0["property_mappings_group"]?.array?.contains(.string(request.value("id"))) == true
        }
        let options =
            [JSONValue.object(["value": "", "label": .string(texts("trials.mapping.any_provider"))])]
            + providers.map { provider in
                let key = provider["pk"].map(ListView.plain) ?? ""
                return [
                    "value": .string(key), "label": provider["name"] ?? .null, "is_chosen": .bool(key == chosen),
                ]
            }
        return [
            "asks": true,
            "people": .string(request.form["_people"] ?? (isOfGroups ? "" : request.session?.username ?? "")),
            "groups": .string(request.form["_groups"] ?? ""),
            "is_sample": .bool(request.form["_sample"] == "true"), "providers": .array(options),
            "has_providers": .bool(!providers.isEmpty),
        ]
    }

    private func run(_ body: JSONValue, _ id: String?, _ request: PageRequest) async throws -> FormTrial.Result {
        let isSample = request.form["_sample"] == "true"
        var unknown: [String] = []
        func keys(_ field: String, _ find: (String) async throws -> JSONValue?) async throws -> JSONValue {
            var keys: [JSONValue] = []
            for name in Self.names(request.form[field]) where !isSample {
                if let key = try await find(name) { keys.append(key) } else { unknown.append(name) }
            }
            return .array(keys)
        }
        let users = try await keys("_people", request.api.user(named:))
        let groups = try await keys("_groups", request.api.group(named:))
        let asked: JSONValue = [
            "mapping": JSONValue(id), "expression": body["expression"] ?? "", "users": users,
            "groups": groups,
            "provider": request.form["_provider"].flatMap { Int64($0) }.map(JSONValue.integer) ?? .null,
            "sample": .integer(isSample ? Self.sampleSize : 0),
        ]
        let answer = await request.api.send(.post, "/causeway/mappings/preview/", asked)
        guard answer.status == 200 else { return .refused(answer) }
        return .shown(values(answer.body, unknown: unknown))
    }

    private static func names(_ text: String?) -> [String] {
        (text ?? "").split(whereSeparator: { ",;\n".contains($0) }).map { FormReading.trimmed(String($0)) }.filter {
            !$0.isEmpty
        }
    }

    private func values(_ answer: JSONValue, unknown: [String]) -> [String: JSONValue] {
        let problems = (answer["problems"]?.array ?? []).map { problem -> JSONValue in
            let place = problem["line"]?.integer.map { texts("trials.mapping.line", ["line": "\($0)"]) + " " } ?? ""
            let words = [problem["message"], problem["remedy"]].compactMap { $0?.string }.joined(separator: " ")
            return .string(place + words)
        }
        let results = answer["results"]?.array ?? []
        // Failures come first, because people look for them.
        let sorted = results.filter { state($0) == "refused" } + results.filter { state($0) != "refused" }
        return [
            "has_result": true, "verdict": .string(verdict(results, hasProblems: !problems.isEmpty)),
            "code_problems": .array(
                problems + unknown.map { .string(texts("forms.no_such_object", ["name": $0])) }
            ),
            "results": .array(sorted.enumerated().map { row($1, isOpen: $0 < Self.openCount) }),
        ]
    }

    private func state(_ result: JSONValue) -> String { result["outcome"]?["state"]?.string ?? "" }

    private func verdict(_ results: [JSONValue], hasProblems: Bool) -> String {
        if hasProblems { return texts("trials.mapping.does_not_compile") }
        let changed = results.count { $0["actions"]?.array?.isEmpty == false }
        return texts(
            "trials.mapping.verdict",
            [
                "count": Formatting.number(results.count), "changed": Formatting.number(changed),
                "skipped": Formatting.number(results.count { state($0) == "skipped" }),
                "failed": Formatting.number(results.count { state($0) == "refused" }),
            ]
        )
    }

    private static let shapes = ["properties": "in_step", "skipped": "dry_run", "refused": "failing"]

    private func row(_ result: JSONValue, isOpen: Bool) -> JSONValue {
        let (outcome, state) = (result["outcome"], state(result))
        let actions = result["actions"]?.array ?? []
        let kind = result["kind"]?.string ?? "user"
        let changes = actions.flatMap(RunPages.changes)
        let verbs = actions.compactMap { $0["action"]?.string }.map { texts("actions.\($0).\(kind)") }
        let properties = outcome?["properties"]?.object ?? [:]
        let log = (result["log"]?.array ?? []).compactMap { $0["text"]?.string }.joined(separator: "\n")
        let isIncluded = result["scope"]?["included"]?.bool == true
        return [
            "name": result["name"] ?? .null, "word": .string(texts("trials.mapping.states.\(state)")),
            "shape": .string(Self.shapes[state] ?? "none"), "is_open": .bool(isOpen),
            "sentence": .string(
                !isIncluded
                    ? result["scope"]?["reason"]?.string ?? ""
                    : verbs.isEmpty ? texts("trials.mapping.nothing") : verbs.joined(separator: ", ")
            ),
            "message": outcome?["message"] ?? .null, "remedy": outcome?["remedy"] ?? .null,
            "changes": .array(changes), "has_changes": .bool(!changes.isEmpty),
            "warnings": result["warnings"] ?? [],
            "has_graph": .bool(!properties.isEmpty), "graph": .string(JSONValue.object(properties).prettyText),
            "has_log": .bool(!log.isEmpty), "log": .string(log),
        ]
    }
}
