import CausewayAPI

/// How much of Graph's limits is used in a provider's tenant, as the API returns it.
struct ThrottleUse: Decodable, Sendable {
    let isActive: Bool
    let sessions: [Session]

    /// Usage is a part of a limit, from 0 to 1. Pauses are in seconds.
    struct Session: Decodable, Sendable {
        let applications: [Application]
        let tenantWritesUsed: Double?
        let tenantPause: Double
    }

    struct Application: Decodable, Sendable {
        let writesUsed: Double?
        let pause: Double
        let writesPause: Double
    }

    static func of(provider id: some LosslessStringConvertible, _ api: APIClient) async throws -> ThrottleUse {
        try await api.get("/causeway/providers/\("\(id)".urlPathPart)/throttle/")
    }

    func words(_ texts: Texts) -> String {
        guard isActive else { return texts("throttle.idle") }
        let applications = sessions.flatMap(\.applications)
        let pauses = applications.flatMap { [$0.pause, $0.writesPause] } + sessions.map(\.tenantPause)
        if let pause = pauses.max(), pause > 0 {
            return texts("throttle.held", ["seconds": texts.number(Int(pause.rounded(.up)))])
        }
        let used = (applications.map(\.writesUsed) + sessions.map(\.tenantWritesUsed)).compactMap(\.self).max() ?? 0
        return texts("throttle.used", ["percent": texts.number(Int((used * 100).rounded()))])
    }
}
