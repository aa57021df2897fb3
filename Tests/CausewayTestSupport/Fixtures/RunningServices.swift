package import Logging
package import ServiceLifecycle

/// Services that run while a test works, and are shut down after it as the server shuts them down.
package enum RunningServices {
    package static func with(_ services: any Service..., body: () async throws -> Void) async throws {
        try await with(services, body: body)
    }

    package static func with(_ services: [any Service], body: () async throws -> Void) async throws {
        let group = ServiceGroup(services: services, logger: .silent)
        let ended = Task { try await group.run() }
        let result: Result<Void, any Error>
        do { result = .success(try await body()) } catch { result = .failure(error) }
        await group.triggerGracefulShutdown()
        try await ended.value
        try result.get()
    }
}

extension Logger {
    /// A log that shows only critical messages.
    package static var silent: Logger {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        return logger
    }
}
