package import CausewayModel

extension Transaction {
    /// Whether a provider is linked to a group that may be given directory roles (Graph, the group resource, isAssignableToRole).
    package func hasRoleAssignableGroup(provider: ProviderID) throws -> Bool {
        try exists(
            """
            SELECT 1 FROM mirror_objects o JOIN links c ON c.provider_id = o.provider_id AND c.entra_id = o.entra_id
            WHERE o.provider_id = ? AND o.object_kind = 'group' AND o.known LIKE '%"isAssignableToRole":true%'
            """,
            SQLValue(provider)
        )
    }
}
