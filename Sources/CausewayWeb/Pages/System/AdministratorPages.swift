import CausewayAPI
import CausewayJSON
import HTTPTypes

/// The users with roles, and who must wait after too many failed sign-ins.
struct AdministratorPages: Sendable {
    let list: ListView<AdministratorView>
    let texts: Texts

    private static let lockouts = Address.administrators("lockouts")

    var routes: [PageRoute] {
        [
            PageRoute(.get, .administrators) { try await show($0) },
            PageRoute(.post, Self.lockouts("{id}")("lift")) { try await lift($0) },
        ]
    }

    private func show(_ request: PageRequest) async throws -> PageResponse {
        let lockouts = try await request.api.get("/causeway/lockouts/", as: [LockoutView].self)
        let page = AdministratorsPage(
            list: try await list.table(request),
            lockouts: lockouts.map(shown),
            hasLockouts: !lockouts.isEmpty
        )
        return list.response(page, request)
    }

    private func shown(_ lockout: LockoutView) -> AdministratorsPage.Lockout {
        let names = ["name": lockout.username, "address": lockout.address]
        return AdministratorsPage.Lockout(
            what: texts("lockouts.kinds.\(lockout.kind)", names),
            username: lockout.username,
            address: lockout.address,
            attempts: texts.number(lockout.attempts),
            until: ShownTime(lockout.until),
            lift: Self.lockouts(lockout.id)("lift")
        )
    }

    /// A lockout that has ended by itself needs no answer.
    private func lift(_ request: PageRequest) async throws -> PageResponse {
        let answer = await request.api.send(.delete, "/causeway/lockouts/\(request.value("id").urlPathPart)/")
        if answer.status != 404 { _ = try answer.expected() }
        return .redirect(to: .administrators, done: "lockout_lifted")
    }
}

/// Who must wait, as the API returns it.
private struct LockoutView: Decodable {
    let id: String
    let kind: String
    let username: String
    let address: String
    let attempts: Int
    let until: String
}

/// The template `administrators`.
struct AdministratorsPage: PageModel {
    static let template = "administrators"

    let list: ListTable
    let lockouts: [Lockout]
    let hasLockouts: Bool

    struct Lockout: TemplateValue {
        let what: String
        /// The user name of the last attempt.
        let username: String
        let address: String
        let attempts: String
        let until: ShownTime?
        let lift: Address
    }
}
