import CausewayAPI
import CausewayJSON
import Foundation
import HTTPTypes

/// An action on several users or groups. A page says what will happen to how many objects, and its button does it.
struct BulkChanges: Sendable {
    let texts: Texts
    let kind: Kind

    /// The kind of the objects.
    enum Kind: String, Sendable {
        case users, groups

        var actions: [String] {
            self == .users ? ["activate", "deactivate", "add", "remove", "delete"] : ["add", "remove", "delete"]
        }
        fileprivate var address: Address { self == .users ? .users : .groups }
        fileprivate var collection: String { "/core/\(rawValue)/" }
        fileprivate var name: String { self == .users ? "username" : "name" }
    }

    private static let harmless = ["activate", "add"]

    var routes: [PageRoute] {
        let address = kind.address.bulk
        return [
            PageRoute(.post, address) { try await confirm($0) },
            PageRoute(.post, address("{action}")) { try await perform($0) },
        ]
    }

    /// The selected keys. A value that cannot be a key is left out, because keys are parts of paths.
    private func chosen(_ request: PageRequest) -> [String] {
        request.form.all("chosen").filter { kind == .users ? Int64($0) != nil : UUID(uuidString: $0) != nil }
    }

    private func name(of key: String, _ request: PageRequest) async -> String {
        let path = "\(kind.collection)\(key)/\(kind == .groups ? "?include_users=false" : "")"
        return await request.api.send(.get, path).body[kind.name]?.string ?? key
    }

    private func text(_ key: String) -> String { "bulk.\(kind.rawValue).\(key)" }

    private func confirm(_ request: PageRequest) async throws -> PageResponse {
        try request.requireAdministrator()
        let (action, keys) = (request.form["action"] ?? "", chosen(request))
        guard kind.actions.contains(action) else { throw PageError.notFound }
        let isOfGroup = ["add", "remove"].contains(action)
        let name = request.form["group"] ?? ""
        let group = isOfGroup ? try await request.api.group(named: name) : nil
        if keys.isEmpty { return refused(texts("bulk.none"), request) }
        if isOfGroup, group == nil { return refused(texts("forms.no_such_object", ["name": name]), request) }
        var names: [String] = []
        for key in keys.prefix(10) { names.append(await self.name(of: key, request)) }
        let title = texts(text("\(action).question"), count: keys.count, ["group": name])
        let page = ConfirmPage(
            question: title,
            consequence: texts(text("\(action).consequence")),
            uses: names,
            isUsed: true,
            usesTitle: texts("decisions.first"),
            submit: texts(text("\(action).verb")),
            cancel: kind.address,
            action: kind.address.bulk(action).text,
            isHarmless: Self.harmless.contains(action),
            hidden: keys.map { HiddenField(name: "chosen", value: $0) }
                + (group.map { [HiddenField(name: "group", value: $0)] } ?? [])
        )
        return .page(PageContent(page, title: title, place: kind.rawValue, trail: trail))
    }

    private var trail: [PageLink] { [PageLink(title: texts("places.\(kind.rawValue)"), address: kind.address)] }

    private func refused(_ problem: String, _ request: PageRequest) -> PageResponse {
        let page = RefusedPage(problem: problem, back: kind.address, backWords: texts(text("back")))
        return .page(PageContent(page, title: texts("bulk.title"), place: kind.rawValue, trail: trail), status: 422)
    }

    /// Changes one object after the other. A failure is reported and does not stop the others.
    private func perform(_ request: PageRequest) async throws -> PageResponse {
        try request.requireAdministrator()
        let action = request.value("action")
        guard kind.actions.contains(action) else { throw PageError.notFound }
        let group = request.form["group"] ?? ""
        var (done, failures) = (0, [String]())
        for key in chosen(request) {
            let answer =
                switch kind {
                case .users: await change(user: key, action, group, request.api)
                case .groups: try await change(group: key, action, group, request.api)
                }
            if (200..<300).contains(answer.status) {
                done += 1
            } else {
                failures.append("\(await name(of: key, request)): \(answer.problem)")
            }
        }
        let page = BulkResultPage(
            done: texts("bulk.done", ["count": texts.number(done)]),
            failures: failures,
            hasFailures: !failures.isEmpty,
            back: kind.address,
            backWords: texts(text("back"))
        )
        let title = texts(text("\(action).verb"))
        return .page(PageContent(page, title: title, place: kind.rawValue, trail: trail))
    }

    private func change(user: String, _ action: String, _ group: String, _ api: APIClient) async -> APIAnswer {
        let (path, members) = ("/core/users/\(user)/", "/core/groups/\(group.urlPathPart)/")
        let key: JSONValue = ["pk": .integer(Int64(user) ?? 0)]
        return switch action {
        case "activate": await api.send(.patch, path, ["is_active": true])
        case "deactivate": await api.send(.patch, path, ["is_active": false])
        case "add": await api.send(.post, members + "add_user/", key)
        case "remove": await api.send(.post, members + "remove_user/", key)
        default: await api.send(.delete, path)
        }
    }

    /// Changes the parents of a group. The API sets them as a whole, so they are read first; the API refuses if they changed in between.
    private func change(group: String, _ action: String, _ parent: String, _ api: APIClient) async throws -> APIAnswer {
        let path = "/core/groups/\(group)/"
        guard action != "delete" else { return await api.send(.delete, path) }
        let present = await api.send(.get, path)
        guard present.status == 200 else { return present }
        var parents = try present.expected(as: GroupView.self).parents.filter { $0 != parent }
        if action == "add" { parents.append(parent) }
        return await api.send(.patch, path, ["parents": JSONValue(parents)], ifMatch: present.tag)
    }
}

/// The template `bulk-result`. The layout shows the sentence about the action, as on every page.
struct BulkResultPage: PageModel {
    static let template = "bulk-result"

    let done: String
    /// The objects that could not be changed, with the reasons.
    let failures: [String]
    let hasFailures: Bool
    let back: Address
    let backWords: String
}
