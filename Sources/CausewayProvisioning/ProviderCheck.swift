import CausewayGraph
import CausewayMapping
package import CausewayModel
package import CausewayStore
import Foundation

/// Tries everything that a provider needs, and changes nothing.
package struct ProviderCheck: Sendable {
    /// One thing that was tried.
    package struct Finding: Hashable, Sendable {
        /// How bad it is.
        package enum Level: String, Sendable {
            case ok, warning, error
        }

        package let level: Level
        package let subject: String
        package let message: String
    }

    private let store: Store
    private let runtime: ProvisioningRuntime

    package init(store: Store, runtime: ProvisioningRuntime) {
        self.store = store
        self.runtime = runtime
    }

    /// What is found, good and bad.
    package func findings(on provider: EntraProvider) async -> [Finding] {
        var findings = [assignment(provider)]
        for kind in ObjectKind.allCases { findings.append(await mappings(kind, provider)) }
        findings += await tenant(provider)
        return findings
    }

    private func assignment(_ provider: EntraProvider) -> Finding {
        if let group = provider.vanishedFilterGroup {
            return Finding(
                level: .error,
                subject: "scope",
                message: "The filter group '\(group)' was deleted; choose another."
            )
        }
        guard provider.application != nil else {
            return Finding(
                level: .error,
                subject: "application",
                message: "It is assigned to no application; nothing is synced."
            )
        }
        return Finding(level: .ok, subject: "application", message: "It is assigned to an application.")
    }

    private func mappings(_ kind: ObjectKind, _ provider: EntraProvider) async -> Finding {
        let subject = "\(kind.rawValue) mappings"
        do {
            let mappings = try await store.read { try $0.mappings(of: provider.id, kind: kind) }
            guard !mappings.isEmpty else {
                return Finding(
                    level: .error,
                    subject: subject,
                    message: "There is none; no \(kind.rawValue) can be synced."
                )
            }
            let set = MappingSet(kind: kind, mappings: mappings, provider: provider)
            let problems = try await MappingPool(set: set, types: runtime.types, python: runtime.python).check()
            guard let problem = problems.first else {
                let names = mappings.map { "'\($0.name)'" }.joined(separator: ", ")
                return Finding(
                    level: .ok,
                    subject: subject,
                    message: "\(names) can be evaluated by \(runtime.python.path)."
                )
            }
            return Finding(level: .error, subject: subject, message: problem.sentence)
        } catch {
            return Finding(level: .error, subject: subject, message: "\(error)")
        }
    }

    private func tenant(_ provider: EntraProvider) async -> [Finding] {
        let transport = NetworkTransport()
        var findings: [Finding]
        do {
            let secret = try await store.read { try $0.clientSecret(of: provider.id) }
            let graph = GraphClient(
                endpoints: try provider.endpoints,
                credentials: [provider.credential(secret)],
                transport: transport,
                limits: runtime.limits,
                policy: RetryPolicy(attempts: 2),
                timeLimit: .seconds(20),
                logger: runtime.logger
            )
            findings = try await tenant(graph)
        } catch let failure as GraphFailure {
            findings = [Finding(level: .error, subject: "tenant", message: ProvisioningError(failure).description)]
        } catch {
            findings = [Finding(level: .error, subject: "tenant", message: "\(error)")]
        }
        try? await transport.shutdown()
        return findings
    }

    private func tenant(_ graph: GraphClient) async throws -> [Finding] {
        let organization = try await graph.organization()
        let domains = organization.verifiedDomains.sorted().joined(separator: ", ")
        let roles = try await graph.claims().first?.roles ?? []
        let missing = Self.permissions.filter { $0.isDisjoint(with: roles) }.compactMap(\.first)
        return [
            Finding(
                level: .ok,
                subject: "tenant",
                message:
                    "Signed in to '\(organization.displayName)' (\(organization.id)); verified domains: \(domains)."
            ),
            missing.isEmpty
                ? Finding(level: .ok, subject: "permissions", message: "Everything that is needed is granted.")
                : Finding(
                    level: .warning,
                    subject: "permissions",
                    message:
                        "The token does not name \(missing.sorted().joined(separator: ", ")); grant it, with admin consent."
                ),
        ]
    }

    /// Of each set one must be granted.
    private static let permissions: [Set<String>] = [
        ["User.ReadWrite.All"], ["Group.ReadWrite.All"], ["User.ManageIdentities.All"],
    ]
}
