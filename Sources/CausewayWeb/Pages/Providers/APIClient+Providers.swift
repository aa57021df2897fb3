import CausewayAPI
import CausewayJSON
import HTTPTypes

extension APIClient {
    /// All providers, by name.
    func providers() async throws -> [JSONValue] {
        try await send(.get, "/providers/microsoft_entra/?page_size=100&ordering=name").expected()["results"]?.array
            ?? []
    }
}
