import CausewayAPI
import CausewayJSON
import HTTPTypes

/// Users and groups from CSV: a preview, then the import, then the next steps.
struct ImportPage: Sendable {
    let texts: Texts

    private static let address = UserPages.address + "import/"
    private static let keys = ["user_name", "employee_id", "immutable_id", "email"]

    var routes: [PageRoute] {
        [
            PageRoute(.get, Self.address) { try await show($0, report: nil, problem: nil) },
            PageRoute(.post, Self.address) { try await importLines($0) },
        ]
    }

    private func show(_ request: PageRequest, report: JSONValue?, problem: String?) async throws -> PageResponse {
        try request.requireAdministrator()
        let isPreview = request.form["dry_run"] == "true"
        let keys = Self.keys.map { key -> JSONValue in
            [
                "value": .string(key), "label": .string(texts("import.keys.\(key)")),
                "is_chosen": .bool(key == request.form["key"]),
            ]
        }
        let values: [String: JSONValue] = [
            "report": report.map { self.report($0, isPreview: isPreview) } ?? .null,
            // What was imported is not offered once more.
            "is_form": .bool(report == nil || isPreview), "problem": JSONValue(problem),
            "users": .string(request.form["users"] ?? ""), "groups": .string(request.form["groups"] ?? ""),
            "map": .string(request.form["map"] ?? ""), "keys": .array(keys),
            "is_exact": .bool(request.form["exact"] == "true"),
        ]
        let trail = [(title: texts("places.users"), address: UserPages.address)]
        let content = PageContent("import", title: texts("import.title"), place: "users", trail: trail, values)
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
        return try await show(request, report: answer.body, problem: nil)
    }

    // MARK: The result

    private static let counts = [
        "created", "updated", "renamed", "unchanged", "inactive", "left_out", "groups_created", "memberships_added",
        "memberships_removed", "problem_count",
    ]

    private func report(_ report: JSONValue, isPreview: Bool) -> JSONValue {
        let counts = Self.counts.map { name -> JSONValue in
            [
                "label": .string(texts("import.counts.\(name)")),
                "count": .string(Formatting.number(Int(report[name]?.integer ?? 0))),
            ]
        }
        let (warnings, samples) = (report["warnings"]?.array ?? [], report["samples"]?.array ?? [])
        return [
            "heading": .string(texts(isPreview ? "import.would" : "import.done")), "is_preview": .bool(isPreview),
            "counts": .array(counts), "problems": report["problems"] ?? [],
            "has_problems": .bool(report["problems"]?.array?.isEmpty == false),
            "warnings": .array(warnings.map(warning)), "has_warnings": .bool(!warnings.isEmpty),
            "files": .array((report["files"]?.array ?? []).map(file)),
            "samples": .array(samples.map(sample)), "has_samples": .bool(isPreview && !samples.isEmpty),
        ]
    }

    private func warning(_ warning: JSONValue) -> JSONValue {
        let lines = (warning["lines"]?.array ?? []).map { line -> JSONValue in
            ["number": .string("\(line["line"]?.integer ?? 0)"), "detail": line["detail"] ?? ""]
        }
        let more = Int(warning["count"]?.integer ?? 0) - lines.count
        return [
            "message": warning["message"] ?? "", "lines": .array(lines),
            "more": more > 0 ? .string(texts("import.more", ["count": Formatting.number(more)])) : .null,
        ]
    }

    private func file(_ file: JSONValue) -> JSONValue {
        let columns = (file["columns"]?.array ?? []).map { column -> JSONValue in
            let target = column["target"]?.string ?? ""
            let words = ["ignore", "secret"].contains(target) ? texts("import.targets.\(target)") : target
            return ["header": column["header"] ?? "", "target": .string(words), "note": column["note"] ?? ""]
        }
        let format = file["format"]?.string ?? ""
        return [
            "name": file["file"] ?? "", "columns": .array(columns),
            "note": file["note"]?.string.flatMap { $0.isEmpty ? nil : JSONValue.string($0) } ?? .null,
            "format": .string(format.isEmpty ? texts("import.no_format") : format),
        ]
    }

    private func sample(_ sample: JSONValue) -> JSONValue {
        let attributes = (sample["attributes"]?.object ?? [:]).sorted { $0.key < $1.key }
            .map { "\($0.key): \($0.value.string ?? $0.value.text)" }
        let groups = (sample["groups"]?.array ?? []).compactMap(\.string)
        return [
            "line": .string("\(sample["line"]?.integer ?? 0)"), "username": sample["username"] ?? "",
            "change": .string(texts("import.changes.\(sample["change"]?.string ?? "")")),
            "name": sample["name"] ?? "", "email": sample["email"] ?? "",
            "active": .string(texts(sample["is_active"]?.bool == true ? "yes" : "no")),
            "attributes": .string(attributes.joined(separator: "; ")),
            "groups": .string(groups.joined(separator: "; ")),
        ]
    }
}
