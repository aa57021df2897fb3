package import CausewayGraph
package import CausewayGraphTypes
package import CausewayMapping
import CausewayModel
package import CausewayNetwork
import CausewayStore
package import Logging

/// What every run needs beside the store: Graph's type data, what evaluates mappings, a log, and how fast to go.
package struct ProvisioningRuntime: Sendable {
    package let types: GraphTypes
    /// What evaluates mappings.
    package let mappings: MappingEnvironment
    /// nil leaves pacing to the tenant's own refusals.
    package let limits: ThrottleLimits?
    /// How long what we wrote is believed more than what Graph tells: its replicas and feeds lag behind by seconds, now and then
    /// by minutes.
    package let consistencyWindow: Duration
    /// How often, and after what pauses, a request that met trouble is sent again.
    package let retries: RetryPolicy
    /// Where credentials may be sent to.
    package let endpoints: EndpointRule
    package internal(set) var logger: Logger
    /// Who is at work, and how near the limits.
    package let throttles = ThrottleRegistry()

    /// Longer than Graph's replicas and feeds are known to lag behind.
    package static let standardConsistencyWindow: Duration = .seconds(600)

    package init(
        types: GraphTypes,
        mappings: MappingEnvironment,
        limits: ThrottleLimits?,
        consistencyWindow: Duration = standardConsistencyWindow,
        retries: RetryPolicy = RetryPolicy(),
        endpoints: EndpointRule = .standard,
        logger: Logger
    ) {
        self.types = types
        self.mappings = mappings
        self.limits = limits
        self.consistencyWindow = consistencyWindow
        self.retries = retries
        self.endpoints = endpoints
        self.logger = logger
    }

    /// The type data that comes with the program and, unless something else is given, the system's Python.
    ///
    /// - Throws: `GraphTypesError` or `MappingEnvironmentError`, each a sentence that says what to do.
    package static func load(
        mappings: MappingEnvironment? = nil,
        limits: ThrottleLimits? = .documented,
        consistencyWindow: Duration = standardConsistencyWindow,
        retries: RetryPolicy = RetryPolicy(),
        endpoints: EndpointRule = .standard,
        logger: Logger
    ) throws -> ProvisioningRuntime {
        ProvisioningRuntime(
            types: try GraphTypes.load(),
            mappings: try mappings ?? MappingEnvironment.find(),
            limits: limits,
            consistencyWindow: consistencyWindow,
            retries: retries,
            endpoints: endpoints,
            logger: logger
        )
    }
}

/// Why a run cannot start or go on as a whole, with what to do about it.
package struct ProvisioningError: Error, Equatable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }

    init(_ failure: GraphFailure) { description = [failure.sentence, failure.remedy].joined(separator: " ") }
}

extension EntraProvider {
    /// The endpoints of the provider's cloud, or those it gives itself.
    ///
    /// - Throws: `EndpointError`.
    package var endpoints: GraphEndpoints {
        get throws {
            switch settings.cloud {
            case .global: .global
            case .usGovernment: .usGovernment
            case .usGovernmentDoD: .usGovernmentDoD
            case .china: .china
            case .custom: try GraphEndpoints(login: settings.loginEndpoint, graph: settings.graphEndpoint)
            }
        }
    }
}
