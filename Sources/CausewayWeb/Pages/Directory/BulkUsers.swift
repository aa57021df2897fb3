import CausewayAPI
import CausewayJSON
import HTTPTypes

/// Doing one thing with several users: a page says what and how many, its button does it.
struct BulkUsers: Sendable {
    let texts: Texts

    private static let actions = ["activate", "deactivate", "add", "remove", "delete"]

    var routes: [PageRoute] {
        let address = UserPages.address + "bulk/"
        return [
            PageRoute(.post, address) { try await confirm($0) },
            PageRoute(.post, address + "{action}/") { try await carryOut($0) },
        ]
    }

    private func chosen(_ request: PageRequest) -> [String] {
        request.form.all("chosen").filter { Int64($0) != nil }
    }

    private func confirm(_ request: PageRequest) async throws -> PageResponse {
        try request.requireAdministrator()
        let (action, users) = (request.form["action"] ?? "", chosen(request))
        guard Self.actions.contains(action) else { throw PageError.notFound }
        let isOfGroup = ["add", "remove"].contains(action)
        let name = request.form["group"] ?? ""
        let group = isOfGroup ? try await request.api.group(named: name)?.string : nil
        if users.isEmpty { return refused(texts("bulk.none"), request) }
        if isOfGroup, group == nil { return refused(texts("forms.no_such_object", ["name": name]), request) }
        var names: [JSONValue] = []
        for user in users.prefix(10) {
            names.append((await request.api.send(.get, "/core/users/\(user)/")).body["username"] ?? .string(user))
        }
        let title = texts("bulk.\(action).question", count: users.count, ["group": name])
        let hidden = users.map { (name: "chosen", value: $0) } + (group.map { [(name: "group", value: $0)] } ?? [])
        let values: [String: JSONValue] = [
            "question": .string(title), "consequence": .string(texts("bulk.\(action).consequence")),
            "uses": .array(names), "is_used": true, "uses_title": .string(texts("decisions.first")),
            "submit": .string(texts("bulk.\(action).verb")), "cancel": .string(UserPages.address),
            "action": .string("\(request.address)\(action)/"),
            "is_harmless": .bool(["activate", "add"].contains(action)),
            "hidden": .array(hidden.map { ["name": .string($0.name), "value": .string($0.value)] }),
        ]
        return .page(PageContent("confirm", title: title, place: "users", trail: trail, values))
    }

    private var trail: [(title: String, address: String)] { [(texts("places.users"), UserPages.address)] }

    private func refused(_ problem: String, _ request: PageRequest) -> PageResponse {
        let values: [String: JSONValue] = [
            "problem": .string(problem), "back": .string(UserPages.address), "back_words": .string(texts("bulk.back")),
        ]
        let content = PageContent("refused", title: texts("bulk.title"), place: "users", trail: trail, values)
        return .page(content, status: 422)
    }

    /// One after the other; what cannot be done is told and keeps nothing else from being done.
    private func carryOut(_ request: PageRequest) async throws -> PageResponse {
        try request.requireAdministrator()
        let action = request.value("action")
        guard Self.actions.contains(action) else { throw PageError.notFound }
        var (done, failures) = (0, [JSONValue]())
        for user in chosen(request) {
            let answer = await send(action, user, request)
            if (200..<300).contains(answer.status) {
                done += 1
            } else {
                let name = await request.api.send(.get, "/core/users/\(user)/").body["username"]?.string ?? user
                failures.append(.string("\(name): \(answer.problem)"))
            }
        }
        let values: [String: JSONValue] = [
            "done": .string(texts("bulk.done", ["count": Phrases.number(done)])), "failures": .array(failures),
            "has_failures": .bool(!failures.isEmpty), "back": .string(UserPages.address),
        ]
        let title = texts("bulk.\(action).verb")
        return .page(PageContent("bulk-result", title: title, place: "users", trail: trail, values))
    }

    private func send(_ action: String, _ user: String, _ request: PageRequest) async -> APIAnswer {
        let (path, group) = ("/core/users/\(user)/", (request.form["group"] ?? "").urlPathPart)
        let key: JSONValue = ["pk": .integer(Int64(user) ?? 0)]
        return switch action {
        case "activate": await request.api.send(.patch, path, ["is_active": true])
        case "deactivate": await request.api.send(.patch, path, ["is_active": false])
        case "add": await request.api.send(.post, "/core/groups/\(group)/add_user/", key)
        case "remove": await request.api.send(.post, "/core/groups/\(group)/remove_user/", key)
        default: await request.api.send(.delete, path)
        }
    }
}
