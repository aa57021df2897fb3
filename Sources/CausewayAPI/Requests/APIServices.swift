import CausewayMapping
import CausewayModel
package import CausewayProvisioning
package import CausewayStore
import HTTPTypes
package import Logging

/// What operations work with.
package struct APIServices: Sendable {
    package let store: Store
    /// Runs providers.
    package let runs: RunCoordinator
    package let runtime: ProvisioningRuntime
    package let logger: Logger
    package var limits: APILimits
    /// This program's version.
    package let version: String
    /// Hashes passwords.
    let passwords = PasswordHasher()
    /// Which passwords people may set.
    let passwordRule: PasswordRule
    /// The kinds of objects that mappings are for.
    let mappingKinds = MappingKinds()
    /// The memory of all request bodies together.
    package let bodies: BodyMemory

    /// Evaluates mappings.
    var mappings: MappingEnvironment { runtime.mappings }

    package init(
        store: Store,
        runs: RunCoordinator,
        runtime: ProvisioningRuntime,
        logger: Logger,
        limits: APILimits = APILimits(),
        passwordRule: PasswordRule = PasswordRule(),
        version: String
    ) {
        self.store = store
        self.runs = runs
        self.runtime = runtime
        self.logger = logger
        self.limits = limits
        self.passwordRule = passwordRule
        self.version = version
        bodies = BodyMemory(most: limits.bodySizes)
    }
}

extension APIServices {
    /// The hash of a new password of a user.
    ///
    /// - Parameter field: the field of the request, for the error.
    /// - Throws: ``APIError`` if too many wait, `ValidationError` for a password that is not acceptable.
    func hash(
        _ password: String,
        of user: UserProfile,
        field: String = "password",
        for customer: PasswordHasher.Customer
    ) async throws -> String {
        try await passwords.hash(password, of: user, passwordRule, field: field, for: customer)
    }
    /// The refusal for an error. An error that a client cannot influence is logged, and answered without its text.
    func refusal(for error: any Error, of source: RequestSource) -> APIError {
        if let refusal = APIError(error) { return refusal }
        // The client no longer waits for the answer.
        if error is CancellationError { return .detail(.serviceUnavailable, "The request was canceled.") }
        logger.error(
            "request failed",
            metadata: ["request": "\(source.requestID)", "path": "\(source.path)", "reason": "\(error)"]
        )
        let isBusy = (error as? StoreError).map { [.locked, .unavailable].contains($0.code) } ?? false
        return .detail(
            isBusy ? .serviceUnavailable : .internalServerError,
            "The server could not do this; the server's log says why, under \(source.requestID)."
        )
    }
}
