import CausewayAPI
import CausewayJSON
import HTTPTypes

/// The link of a user or group to its Entra object: the known values, and the form that ends the link.
struct LinkPages: Sendable {
    let texts: Texts

    var routes: [PageRoute] {
        DirectoryKind.allCases.flatMap { kind in
            let one = Address.link("{link}", kind, provider: "{id}")
            return [
                PageRoute(.get, one) { try await show($0, kind) },
                PageRoute(.get, one("unlink")) { try await confirm($0, kind) },
                PageRoute(.post, one("unlink")) { try await unlink($0, kind) },
            ]
        }
    }

    private func path(_ request: PageRequest, _ kind: DirectoryKind) -> String {
        "/providers/microsoft_entra_\(kind.rawValue)s/\(request.value("link").urlPathPart)/"
    }

    private func list(_ request: PageRequest, _ kind: DirectoryKind) -> Address {
        .provider(request.value("id"), kind.tab)
    }

    private func name(_ link: LinkView) -> String { link.name ?? texts("lists.unnamed") }

    private func trail(_ request: PageRequest, _ kind: DirectoryKind) async throws -> [PageLink] {
        let id = request.value("id")
        let answer = await request.api.send(.get, "/providers/microsoft_entra/\(id.urlPathPart)/")
        let provider = answer.status == 200 ? try answer.expected(as: ProviderView.self) : nil
        return [
            PageLink(title: texts("places.providers"), address: .providers),
            PageLink(title: provider?.name ?? id, address: .provider(id)),
            PageLink(title: texts("places.provisioned_\(kind.rawValue)s"), address: list(request, kind)),
        ]
    }

    private func show(_ request: PageRequest, _ kind: DirectoryKind) async throws -> PageResponse {
        let link = try await request.api.get(path(request, kind), as: LinkView.self)
        let page = LinkPage(
            entraID: link.microsoftId,
            portal: link.portal,
            state: texts("presences.\(link.state)"),
            objectAddress: .object(link.object ?? "", kind),
            history: Address.object(link.object ?? "", kind).text + "#history-\(request.value("id").urlPathPart)",
            base: request.address,
            objectName: name(link),
            attributes: link.attributes.prettyText
        )
        let trail = try await trail(request, kind)
        return .page(PageContent(page, title: name(link), place: "providers", trail: trail))
    }

    private func confirm(_ request: PageRequest, _ kind: DirectoryKind) async throws -> PageResponse {
        try request.requireAdministrator()
        let name = name(try await request.api.get(path(request, kind)))
        let title = texts("link.unlink_question", ["name": name])
        let page = ConfirmPage(
            question: title,
            consequence: texts("link.unlink_consequence"),
            submit: texts("link.unlink"),
            cancel: .link(request.value("link"), kind, provider: request.value("id")),
            action: request.address
        )
        let trail = try await trail(request, kind) + [PageLink(title: name, address: page.cancel)]
        return .page(PageContent(page, title: title, place: "providers", trail: trail))
    }

    private func unlink(_ request: PageRequest, _ kind: DirectoryKind) async throws -> PageResponse {
        let answer = await request.api.send(.delete, path(request, kind))
        if answer.status != 404 { _ = try answer.expected() }
        return .redirect(to: list(request, kind), done: "unlinked")
    }
}

/// The link of a user or group to its Entra object, as the API returns it.
struct LinkView: ListRow {
    let id: String
    let microsoftId: String
    let presence: String
    /// Its page in Microsoft's admin center.
    let portal: String?
    /// The known values of the Entra object.
    let attributes: JSONValue
    let user: Int64?
    let group: String?
    let userObj: UserName?
    let groupObj: GroupName?

    struct UserName: Decodable, Sendable { let username: String }
    struct GroupName: Decodable, Sendable { let name: String }

    /// Where it is, or that its account cannot sign in.
    var state: String { presence == "present" && attributes["accountEnabled"] == false ? "suspended" : presence }
    /// The name of the user or the group.
    var name: String? { userObj?.username ?? groupObj?.name }
    /// The key of the user or the group.
    var object: String? { user.map { "\($0)" } ?? group }
}

/// The template `link`.
struct LinkPage: PageModel {
    static let template = "link"

    let entraID: String
    let portal: String?
    let state: String
    let objectAddress: Address
    /// The part of the object's page about its runs.
    let history: String
    let base: String
    let objectName: String
    let attributes: String
}
