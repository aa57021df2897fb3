import CausewayAPI
import CausewayJSON
import HTTPTypes

/// How near Graph's limits those are who work on a provider's tenant.
struct ThrottleUse: Sendable {
    let state: JSONValue

    init(providerID: String, _ api: APIClient) async throws {
        state = try await api.send(.get, "/causeway/providers/\(providerID)/throttle/").expected()
    }

    func words(_ texts: Texts) -> String {
        guard state["is_active"]?.bool == true else { return texts("throttle.idle") }
        let sessions = state["sessions"]?.array ?? []
        let applications = sessions.flatMap { $0["applications"]?.array ?? [] }
        let pauses =
            applications.flatMap { [number($0["pause"]), number($0["writes_pause"])] }
            + sessions.map { number($0["tenant_pause"]) }
        if let pause = pauses.max(), pause > 0 {
            return texts("throttle.held", ["seconds": Formatting.number(Int(pause.rounded(.up)))])
        }
        let used = applications.map { number($0["writes_used"]) } + sessions.map { number($0["tenant_writes_used"]) }
        return texts("throttle.used", ["percent": Formatting.number(Int(((used.max() ?? 0) * 100).rounded()))])
    }

    private func number(_ value: JSONValue?) -> Double {
        switch value ?? .null {
        case .number(let number): number
        case .integer(let number): Double(number)
        default: 0
        }
    }
}
