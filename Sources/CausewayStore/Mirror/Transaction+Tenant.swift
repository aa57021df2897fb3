import CausewayJSON
package import CausewayModel

/// A tenant's description of itself when it was last read.
package struct KnownTenant: Hashable, Sendable {
    package let id: String
    package let displayName: String
    /// In lower case.
    package let verifiedDomains: Set<String>

    package init(id: String, displayName: String, verifiedDomains: Set<String>) {
        self.id = id
        self.displayName = displayName
        self.verifiedDomains = verifiedDomains
    }
}

extension Transaction {
    /// The provider's tenant as it was last read; nil before the first run.
    package func knownTenant(of provider: ProviderID) throws -> KnownTenant? {
        try first(
            "SELECT organization_id, display_name, verified_domains FROM tenants WHERE provider_id = ?",
            SQLValue(provider)
        ) { row in
            KnownTenant(
                id: try row.text("organization_id"),
                displayName: try row.text("display_name"),
                verifiedDomains: Set((try row.json("verified_domains").array ?? []).compactMap(\.string))
            )
        }
    }

    /// Stores a tenant's description of itself.
    package func saveKnownTenant(_ tenant: KnownTenant, of provider: ProviderID) throws {
        try execute(
            """
            INSERT INTO tenants (provider_id, organization_id, display_name, verified_domains, read_at_ms)
            VALUES (?, ?, ?, ?, ?)
            ON CONFLICT (provider_id) DO UPDATE SET organization_id = excluded.organization_id,
                display_name = excluded.display_name, verified_domains = excluded.verified_domains,
                read_at_ms = excluded.read_at_ms
            """,
            SQLValue(provider),
            .text(tenant.id),
            .text(tenant.displayName),
            .text(JSONValue.array(tenant.verifiedDomains.sorted().map(JSONValue.string)).text),
            SQLValue(now)
        )
    }
}
