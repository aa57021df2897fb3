package import CausewayGraph
package import CausewayGraphTypes
package import CausewayMapping
import CausewayModel
import CausewayNetwork
import CausewayStore
package import Logging

/// What every run needs in addition to the store: Graph's type data, what evaluates mappings, a log, and the pacing.
package struct ProvisioningRuntime: Sendable {
    package let types: GraphTypes
    /// What evaluates mappings.
    package let mappings: MappingEnvironment
    /// Nil leaves pacing to the tenant's throttling.
    package let limits: ThrottleLimits?
    /// The consistency window: how long Causeway's own writes take precedence over delta queries and replica reads, which lag
    /// behind by seconds, and sometimes by minutes.
    package let consistencyWindow: Duration
    /// How often, and after what pauses, a failed request is sent again.
    package let retries: RetryPolicy
    /// The network settings of requests.
    package let network: NetworkSettings
    package internal(set) var logger: Logger
    /// Keeps a worker of each session for the next session with the same mappings; nil ends them with their session.
    package var warmWorkers: WarmWorkers?
    /// Stands between the Graph client and the network, so that a measurement sees what leaves and what arrives; nil for nothing.
    package var observed: (@Sendable (any HTTPTransport) -> any HTTPTransport)?
    /// The active clients, and how near the limits they are.
    package let throttles = ThrottleRegistry()

    /// Longer than the known lag of Graph's replicas and delta queries.
    package static let standardConsistencyWindow: Duration = .seconds(600)

    package init(
        types: GraphTypes,
        mappings: MappingEnvironment,
        limits: ThrottleLimits?,
        consistencyWindow: Duration = standardConsistencyWindow,
        retries: RetryPolicy = RetryPolicy(),
        network: NetworkSettings = NetworkSettings(),
        logger: Logger
    ) {
        self.types = types
        self.mappings = mappings
        self.limits = limits
        self.consistencyWindow = consistencyWindow
        self.retries = retries
        self.network = network
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
        network: NetworkSettings = NetworkSettings(),
        logger: Logger
    ) throws -> ProvisioningRuntime {
        ProvisioningRuntime(
            types: try GraphTypes.load(),
            mappings: try mappings ?? MappingEnvironment.find(),
            limits: limits,
            consistencyWindow: consistencyWindow,
            retries: retries,
            network: network,
            logger: logger
        )
    }
}

extension ProvisioningRuntime {
    /// The transport for a provider's requests. Its owner shuts it down.
    ///
    /// - Parameter fence: says until when anything may be sent.
    func transport(for provider: EntraProvider, fence: SendingFence? = nil) -> NetworkTransport {
        let own = provider.httpProxy.revealed
        return NetworkTransport(network, proxy: own.isEmpty ? nil : ProxyRule(text: own), fence: fence)
    }
}

/// Why a run as a whole cannot start or continue, with what to do about it.
package struct ProvisioningError: Error, Equatable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }

    init(_ failure: GraphFailure) { description = [failure.sentence, failure.remedy].joined(separator: " ") }
}

extension EntraProvider {
    /// The endpoints of the provider's cloud, or its custom ones.
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
