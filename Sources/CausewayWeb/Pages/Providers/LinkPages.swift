import CausewayAPI
import CausewayJSON
import HTTPTypes

/// The link of a user or group to its Entra object: what is known of that, and ending the link.
struct LinkPages: Sendable {
    let texts: Texts

    var routes: [PageRoute] {
        ["user", "group"].flatMap { kind in
            let one = "\(ProviderPages.address){id}/\(kind)s/{link}/"
            return [
                PageRoute(.get, one) { try await show($0, kind) },
                PageRoute(.get, one + "unlink/") { try await confirm($0, kind) },
                PageRoute(.post, one + "unlink/") { try await unlink($0, kind) },
            ]
        }
    }

    private func path(_ request: PageRequest, _ kind: String) -> String {
        "/providers/microsoft_entra_\(kind)s/\(request.value("link").urlPathPart)/"
    }

    private func list(_ request: PageRequest, _ kind: String) -> String {
        "\(ProviderPages.address)\(request.value("id").urlPathPart)/\(kind)s/"
    }

    private func found(_ request: PageRequest, _ kind: String) async throws -> (link: JSONValue, name: String) {
        let link = try await request.api.send(.get, path(request, kind)).expected()
        let object = link["\(kind)_obj"]
        return (link, (object?["username"] ?? object?["name"])?.string ?? texts("lists.unnamed"))
    }

    private func trail(_ request: PageRequest, _ kind: String) async -> [(title: String, address: String)] {
        let id = request.value("id").urlPathPart
        let provider = await request.api.send(.get, "/providers/microsoft_entra/\(id)/")
        return [
            (texts("places.providers"), ProviderPages.address),
            (provider.body["name"]?.string ?? id, "\(ProviderPages.address)\(id)/"),
            (texts("places.provisioned_\(kind)s"), list(request, kind)),
        ]
    }

    private func show(_ request: PageRequest, _ kind: String) async throws -> PageResponse {
        let (link, name) = try await found(request, kind)
        let object = link[kind].map(ListView.plain) ?? ""
        let pages = kind == "user" ? UserPages.address : GroupPages.address
        let values: [String: JSONValue] = [
            "entra_id": link["microsoft_id"] ?? .null, "object_address": .string("\(pages)\(object)/"),
            "base": .string(request.address), "object_name": .string(name),
            "attributes": .string((link["attributes"] ?? [:]).prettyText),
        ]
        let trail = await trail(request, kind)
        return .page(PageContent("link", title: name, place: "providers", trail: trail, values))
    }

    private func confirm(_ request: PageRequest, _ kind: String) async throws -> PageResponse {
        try request.requireAdministrator()
        let (_, name) = try await found(request, kind)
        let title = texts("link.unlink_question", ["name": name])
        let back = "\(list(request, kind))\(request.value("link").urlPathPart)/"
        let values: [String: JSONValue] = [
            "question": .string(title), "consequence": .string(texts("link.unlink_consequence")),
            "submit": .string(texts("link.unlink")), "cancel": .string(back), "action": .string(request.address),
        ]
        let trail = await trail(request, kind) + [(title: name, address: back)]
        return .page(PageContent("confirm", title: title, place: "providers", trail: trail, values))
    }

    private func unlink(_ request: PageRequest, _ kind: String) async throws -> PageResponse {
        let answer = await request.api.send(.delete, path(request, kind))
        if answer.status != 404 { _ = try answer.expected() }
        return .redirect(list(request, kind), done: "unlinked")
    }
}
