import CausewayAPI
import CausewayJSON
import HTTPTypes

extension APIClient {
    /// The key of the user with a user name; nil where there is none.
    func user(named name: String) async throws -> JSONValue? {
        guard !name.isEmpty else { return nil }
        let list = "/core/users/?include_groups=false".adding([("username", name)])
        return try await send(.get, list).expected()["results"]?.array?.first?["pk"]
    }
}
