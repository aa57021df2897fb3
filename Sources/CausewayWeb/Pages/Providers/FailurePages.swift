import CausewayAPI
import CausewayJSON
import HTTPTypes

/// What fails at a provider: a card for each cause, and behind it the list of objects.
struct FailurePages: Sendable {
    let texts: Texts

    private var frame: ProviderFrame { ProviderFrame(texts: texts) }

    var routes: [PageRoute] {
        let address = ProviderPages.address + "{id}/failures/"
        return [
            PageRoute(.get, address) { try await causes($0) },
            PageRoute(.post, address) { try await retry($0) },
            PageRoute(.get, address + "objects/") { try await objects($0) },
        ]
    }

    private func source(_ request: PageRequest) -> String {
        "/causeway/providers/\(request.value("id").urlPathPart)/failures/"
    }

    private func causes(_ request: PageRequest) async throws -> PageResponse {
        let answer = try await request.api.send(
            .get,
            "\(source(request))causes/?page_size=20&page=\(request.query.page)"
        ).expected()
        let causes = (answer["results"]?.array ?? []).map { card($0, request) }
        let values: [String: JSONValue] = [
            "causes": .array(causes), "is_empty": .bool(causes.isEmpty),
            "pages": Paging(answer["pagination"], request, texts).json,
        ]
        return try await frame.page(request, "provider-failures", tab: "failures", values)
    }

    /// The objects that fail for one cause, each with what happened to it.
    private func objects(_ request: PageRequest) async throws -> PageResponse {
        let cause = request.query["cause"] ?? ""
        let query = "cause=\(cause.urlPathPart)&page_size=50&page=\(request.query.page)"
        let answer = try await request.api.send(.get, "\(source(request))objects/?\(query)").expected()
        let objects = (answer["results"]?.array ?? []).map { object -> JSONValue in
            [
                "name": object["name"] ?? .null, "address": Self.address(object), "message": object["message"] ?? .null,
                "seen": Formatting.time(object["seen"]?.string) ?? .null,
            ]
        }
        let values: [String: JSONValue] = [
            "rows": .array(objects), "is_empty": .bool(objects.isEmpty), "cause": .string(cause),
            "pages": Paging(answer["pagination"], request, texts).json,
        ]
        return try await frame.page(request, "provider-failing", tab: "failures", values)
    }

    /// Syncs what fails for one cause, and shows the run that does it.
    private func retry(_ request: PageRequest) async throws -> PageResponse {
        let id = request.value("id").urlPathPart
        let cause: JSONValue = ["cause": .string(request.form["cause"] ?? "")]
        let run = try await request.api.send(.post, "/causeway/providers/\(id)/retry/", cause).expected()
        return .redirect("\(RunPages.address)\(run["pk"]?.string ?? "")/", done: "sync_started")
    }

    private func card(_ cause: JSONValue, _ request: PageRequest) -> JSONValue {
        let count = Int(cause["count"]?.integer ?? 0)
        let objects = (cause["objects"]?.array ?? []).map { object -> JSONValue in
            ["name": object["name"] ?? .null, "address": Self.address(object)]
        }
        let key = cause["cause"]?.string ?? ""
        let base = "\(ProviderPages.address)\(request.value("id").urlPathPart)/failures/"
        return [
            "message": cause["message"] ?? .null, "remedy": cause["remedy"] ?? .null,
            "attribute": cause["attribute"] ?? .null, "cause": .string(key),
            "count": .string(texts("failures.objects", count: count)), "objects": .array(objects),
            "list": .string("\(base)objects/?cause=\(key.urlPathPart)"),
            "all": .string(texts("failures.all", count: count)),
            "others": JSONValue(count > objects.count ? texts("failures.others", count: count - objects.count) : nil),
            "first": Formatting.time(cause["first_seen"]?.string) ?? .null,
            "last": Formatting.time(cause["last_seen"]?.string) ?? .null,
            "next": .string(texts(cause["is_retried"]?.bool == true ? "failures.retried" : "failures.not_retried")),
        ]
    }

    /// The page of an object; null for one that was deleted here.
    private static func address(_ object: JSONValue) -> JSONValue {
        let pages = object["kind"] == "user" ? UserPages.address : GroupPages.address
        return JSONValue(object["object"]?.string.map { "\(pages)\($0.urlPathPart)/" })
    }
}
