import CausewayMapping
package import CausewayProvisioning
package import CausewayStore
import HTTPTypes
package import Logging

/// What operations work with.
package struct APIServices: Sendable {
    package let store: Store
    /// What runs providers.
    package let runs: RunCoordinator
    package let runtime: ProvisioningRuntime
    package let logger: Logger
    package var limits: APILimits
    /// This program's version.
    package let version: String
    /// What hashes passwords.
    let passwords = PasswordHasher()
    /// What the bodies of requests take together.
    package let bodies: BodyMemory

    /// What evaluates mappings.
    var mappings: MappingHost { runtime.mappings }

    package init(
        store: Store,
        runs: RunCoordinator,
        runtime: ProvisioningRuntime,
        logger: Logger,
        limits: APILimits = APILimits(),
        version: String
    ) {
        self.store = store
        self.runs = runs
        self.runtime = runtime
        self.logger = logger
        self.limits = limits
        self.version = version
        bodies = BodyMemory(most: limits.bodySizes)
    }
}

/// How much may be asked for.
package struct APILimits: Sendable {
    /// Rows a page where the client does not say, and at most.
    package var pageSize = 20
    package var largestPage = 100
    /// Bytes of a body.
    package var bodySize = 2 << 20
    /// Bytes of all bodies that are read at once.
    package var bodySizes = 64 << 20
    /// How long an API token is good for.
    package var tokenLifetime: Duration = .seconds(86_400)
    /// How long a browser stays signed in without doing anything, and at most.
    package var sessionIdle: Duration = .seconds(3600)
    package var sessionLifetime: Duration = .seconds(12 * 3600)
    /// Wrong passwords or tokens from one address, under one user name, and in one known browser, before it must wait.
    package var failures = 10
    /// The same from everybody together, by many addresses and names, known browsers left out.
    package var failuresOfEverybody: Int { max(failures, min(50 * failures, 2000)) }
    package var failureWindow: Duration = .seconds(300)
    /// Whether every request comes through a proxy that says who the client is.
    package var trustsProxy = false

    package init() {}
}

extension APIServices {
    /// The refusal for an error. One that a client can do nothing about is logged, and answered without its words.
    func refusal(for error: any Error, of source: RequestSource) -> APIError {
        if let refusal = APIError(error) { return refusal }
        // Nobody waits for the answer any more.
        if error is CancellationError { return .detail(.serviceUnavailable, "The request was given up.") }
        logger.error(
            "request failed",
            metadata: ["request": "\(source.requestID)", "path": "\(source.path)", "reason": "\(error)"]
        )
        let isBusy = (error as? StoreError).map { [.locked, .unavailable].contains($0.code) } ?? false
        return .detail(
            isBusy ? .serviceUnavailable : .internalServerError,
            "The server could not do this; its log says why, under \(source.requestID)."
        )
    }
}
