import CausewayAPI
import CausewayJSON
import HTTPTypes

/// Blocks the sign-in of a user at once, here and in Entra, or allows it again: it changes whether the user is active.
struct UserBlocking: Sendable {
    let texts: Texts

    /// What happens to the sign-in.
    private enum Change: String, CaseIterable {
        case block, allow
    }

    var routes: [PageRoute] {
        Change.allCases.flatMap { change in
            let address = Address.user("{id}")(change.rawValue)
            return [
                PageRoute(.get, address) { try await ask($0, change) },
                PageRoute(.post, address) { try await make(change, $0) },
            ]
        }
    }

    private func path(_ request: PageRequest) -> String { "/core/users/\(request.value("id").urlPathPart)/" }

    /// Says what happens at each provider.
    private func ask(_ request: PageRequest, _ change: Change) async throws -> PageResponse {
        try request.requireAdministrator()
        let name = try await request.api.get(path(request), as: UserView.self).username
        let standings = try await ObjectPage(texts: texts, kind: .user).standings(of: request.value("id"), request.api)
        var consequences: [String] = []
        for standing in standings {
            let consequence = try await consequence(change, at: standing, request.api)
            consequences.append("\(standing.provider.name): \(consequence)")
        }
        let title = texts("blocking.\(change.rawValue).question", ["name": name])
        let page = ConfirmPage(
            question: title,
            consequence: texts("blocking.\(change.rawValue).consequence"),
            uses: consequences,
            isUsed: !consequences.isEmpty,
            usesTitle: texts("objects.providers"),
            submit: texts("blocking.\(change.rawValue).verb"),
            cancel: .user(request.value("id")),
            action: request.address,
            isHarmless: change == .allow
        )
        let trail = [
            PageLink(title: texts("places.users"), address: .users), PageLink(title: name, address: page.cancel),
        ]
        return .page(PageContent(page, title: title, place: "users", trail: trail))
    }

    private func consequence(_ change: Change, at standing: ObjectPage.Standing, _ api: APIClient) async throws
        -> String
    {
        guard let found = standing.explanation else { return standing.problem ?? "" }
        guard let link = found.link, link.presence == "present" else { return texts("blocking.no_account") }
        if let obstacle = found.provider.obstacle {
            return texts("blocking.not_sent", ["reason": texts.message(obstacle)])
        }
        guard standing.provider.blockInactive else { return texts("blocking.mapping_decides") }
        if found.signIn?.allowed == (change == .allow) { return texts("blocking.\(change.rawValue).already") }
        if change == .block {
            let path = "/causeway/providers/\(standing.provider.pk)/guard/"
            if try await api.get(path, as: GuardView.self).left == 0 { return texts("blocking.held") }
        }
        return texts("blocking.\(change.rawValue).sent")
    }

    private func make(_ change: Change, _ request: PageRequest) async throws -> PageResponse {
        let page = Address.user(request.value("id"))
        let answer = await request.api.send(.patch, path(request), ["is_active": .bool(change == .allow)])
        guard answer.status == 400 else {
            _ = try answer.expected()
            return .redirect(to: page, done: "user_\(change.rawValue)")
        }
        let refused = RefusedPage(problem: answer.problem(texts), back: page, backWords: texts("objects.back.user"))
        let content = PageContent(refused, title: texts("access.refused"), place: "users")
        return .page(content, status: 422)
    }
}
