import CausewayGraph
import CausewayMapping
package import CausewayModel
package import CausewayStore
import Foundation

/// Checks everything that a provider needs, and changes nothing.
package struct ProviderCheck: Sendable {
    /// The result of one check.
    package struct Finding: Hashable, Sendable {
        /// How serious it is.
        package enum Level: String, Sendable {
            case ok, warning, error
        }

        package let level: Level
        package let subject: String
        package let message: String
    }

    /// A provider as it is, or as it would be.
    package struct Subject: Sendable {
        package let provider: EntraProvider
        package let registrations: [AppRegistrationCredential]
        /// The mappings by kind, in their order.
        package let mappings: [ObjectKind: [PropertyMapping]]
        /// Whether it is stored already, so that its assignment counts.
        package let isStored: Bool

        /// - Parameter secret: instead of the stored one, for changed settings that were not stored.
        package init(
            _ provider: EntraProvider,
            isStored: Bool = true,
            secret: Secret? = nil,
            in transaction: Transaction
        ) throws {
            self.provider = provider
            self.isStored = isStored
            registrations =
                try secret.map { [AppRegistrationCredential(clientID: provider.clientID, secret: $0)] }
                ?? transaction.registrations(of: provider)
            let all = Dictionary(try transaction.mappings().map { ($0.id, $0) }) { $1 }
            mappings = [
                .user: provider.userMappings.compactMap { all[$0] },
                .group: provider.groupMappings.compactMap { all[$0] },
            ]
        }
    }

    private let store: Store
    private let runtime: ProvisioningRuntime

    package init(store: Store, runtime: ProvisioningRuntime) {
        self.store = store
        self.runtime = runtime
    }

    /// All findings, good and bad.
    package func findings(on provider: EntraProvider) async -> [Finding] {
        do {
            return await findings(on: try await store.read { try Subject(provider, in: $0) })
        } catch {
            return [Finding(level: .error, subject: "provider", message: "\(error)")]
        }
    }

    /// The findings for a provider that may not be stored yet.
    package func findings(on subject: Subject) async -> [Finding] {
        var findings = subject.isStored ? [assignment(subject.provider)] : []
        for kind in ObjectKind.allCases { findings.append(await mappings(kind, subject)) }
        findings += await tenant(subject)
        return findings
    }

    private func assignment(_ provider: EntraProvider) -> Finding {
        if let group = provider.vanishedFilterGroup {
            return Finding(
                level: .error,
                subject: "scope",
                message: "The filter group '\(group)' was deleted; choose another one."
            )
        }
        guard provider.application != nil else {
            return Finding(
                level: .error,
                subject: "application",
                message: "It is not assigned to an application, so nothing is synced."
            )
        }
        return Finding(level: .ok, subject: "application", message: "It is assigned to an application.")
    }

    private func mappings(_ kind: ObjectKind, _ checked: Subject) async -> Finding {
        let (subject, mappings) = ("\(kind.rawValue) mappings", checked.mappings[kind] ?? [])
        do {
            guard !mappings.isEmpty else {
                return Finding(
                    level: .error,
                    subject: subject,
                    message: "There is no mapping, so no \(kind.rawValue) can be synced."
                )
            }
            let set = MappingSet(kind: kind, mappings: mappings, provider: checked.provider)
            let problems = try await MappingPool(
                set: set,
                types: runtime.types,
                environment: runtime.mappings,
                directory: DirectoryLookup(store: store)
            ).check()
            guard let problem = problems.first else {
                let names = mappings.map { "'\($0.name)'" }.joined(separator: ", ")
                return Finding(
                    level: .ok,
                    subject: subject,
                    message: "\(names) can be evaluated by \(runtime.mappings.python.path)."
                )
            }
            return Finding(level: .error, subject: subject, message: problem.sentence)
        } catch {
            return Finding(level: .error, subject: subject, message: "\(error)")
        }
    }

    // MARK: The tenant

    private func tenant(_ subject: Subject) async -> [Finding] {
        let transport = runtime.transport(for: subject.provider)
        var findings: [Finding]
        do {
            let provider = subject.provider
            let credentials = try provider.credentials(subject.registrations)
            findings = credentials.compactMap { Self.expiry(of: $0) }
            let graph = GraphClient(
                endpoints: try provider.endpoints,
                credentials: credentials,
                transport: transport,
                limits: runtime.limits,
                policy: RetryPolicy(attempts: 2, patience: .seconds(60)),
                timeLimit: .seconds(20),
                logger: runtime.logger
            )
            findings += try await signIn(graph)
            findings += try await permissions(graph, subject)
        } catch let failure as GraphFailure {
            findings = [Finding(level: .error, subject: "tenant", message: ProvisioningError(failure).description)]
        } catch {
            findings = [Finding(level: .error, subject: "tenant", message: "\(error)")]
        }
        try? await transport.shutdown()
        return findings
    }

    /// How long a certificate is still valid; the tenant does not say it of secrets and tokens.
    private static func expiry(of credential: GraphCredential) -> Finding? {
        guard case .certificate(let certificate) = credential.proof else { return nil }
        let isSoon = certificate.notAfter.timeIntervalSinceNow < CredentialEnd.warningPeriod.seconds
        return Finding(
            level: isSoon ? .warning : .ok,
            subject: "certificate",
            message:
                "The certificate of \(credential.clientID) is valid until \(certificate.notAfter.formatted(.iso8601))."
                + (isSoon ? " Create a new one, add it to the app registration and enter it in the provider." : "")
        )
    }

    private func signIn(_ graph: GraphClient) async throws -> [Finding] {
        let organization = try await graph.organization()
        let domains = organization.verifiedDomains.sorted().joined(separator: ", ")
        let message = "Signed in to '\(organization.displayName)' (\(organization.id)); verified domains: \(domains)."
        return [Finding(level: .ok, subject: "tenant", message: message)]
    }

    /// What the provider uses: read from its mappings without running them, and if they do not show it, from what they returned when they
    /// were last applied.
    private func use(_ subject: Subject) async throws -> ProviderUse {
        let (id, provider) = (subject.provider.id, subject.provider)
        var properties: [ObjectKind: Set<String>] = [:]
        for (kind, mappings) in subject.mappings where !mappings.isEmpty {
            let set = MappingSet(kind: kind, mappings: mappings, provider: provider)
            let given = try? await MappingLint(set: set, types: runtime.types, environment: runtime.mappings)
                .properties()
            properties[kind] =
                given?.isEmpty == false ? given : try await store.read { try $0.managedAttributes(kind, provider: id) }
        }
        return ProviderUse(
            settings: provider.settings,
            properties: properties,
            hasRoleAssignableGroups: try await store.read { try $0.hasRoleAssignableGroup(provider: id) }
        )
    }

    /// The permissions in the tokens of all app registrations, compared with what the provider uses. A token is a hint: Graph decides.
    private func permissions(_ graph: GraphClient, _ subject: Subject) async throws -> [Finding] {
        let needs = PermissionNeed.needs(of: try await use(subject))
        var findings: [Finding] = []
        for (index, claims) in try await graph.claims().enumerated() {
            let own = index == 0 ? needs : needs.filter { !$0.isReading }
            findings += Self.permissions(claims, own)
        }
        return findings
    }

    private static func permissions(_ claims: TokenClaims, _ needs: [PermissionNeed]) -> [Finding] {
        let name = claims.applicationName.map { "'\($0)'" } ?? claims.application ?? "The application"
        let granted = claims.roles.sorted().joined(separator: ", ")
        let missing = needs.filter { !$0.isMet(by: claims.roles) }
        let summary = missing.isEmpty ? ", which is all it needs" : ""
        let finding = Finding(
            level: .ok,
            subject: "permissions",
            message: claims.roles.isEmpty ? "\(name) has no permissions." : "\(name) has \(granted)\(summary)."
        )
        return [finding]
            + missing.map { need in
                Finding(
                    level: .warning,
                    subject: "permissions",
                    message:
                        "\(name) is not permitted to \(need.purpose): grant \(need.operation.grant), with admin consent. Without it "
                        + "\(need.consequence)."
                )
            }
    }
}
