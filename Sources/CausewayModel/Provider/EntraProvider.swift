/// A Microsoft Entra provider: the settings of one tenant to provision.
@dynamicMemberLookup
package struct EntraProvider: Hashable, Sendable {
    package let id: ProviderID
    package var settings: ProviderSettings
    /// The application that it is assigned to. Without one, nothing is synced.
    package var application: ApplicationID?
    /// The name of a filter group that was deleted. Runs do nothing until an administrator selects another, because the scope would
    /// otherwise include everyone.
    package var vanishedFilterGroup: String?
    /// Whether only selected groups are provisioned. It stays true when the last selected group is deleted, for the same
    /// reason.
    package var selectsGroups: Bool
    /// When the database was restored from a backup, until a full sync has ended with nothing that waits: what that took away from the
    /// tenant was decided with an old directory, so a person decides.
    package var restoredAt: Timestamp?

    package init(
        id: ProviderID,
        settings: ProviderSettings,
        application: ApplicationID? = nil,
        vanishedFilterGroup: String? = nil,
        selectsGroups: Bool? = nil,
        restoredAt: Timestamp? = nil
    ) {
        self.id = id
        self.settings = settings
        self.application = application
        self.vanishedFilterGroup = vanishedFilterGroup
        self.selectsGroups = selectsGroups ?? !settings.groups.isEmpty
        self.restoredAt = restoredAt
    }

    package subscript<Value>(dynamicMember path: KeyPath<ProviderSettings, Value>) -> Value {
        settings[keyPath: path]
    }
}

extension EntraProvider {
    /// The provider without fields that affect nothing in the tenant. Two states with the same meaning sync the same.
    package var meaning: EntraProvider { without([.nothing]) }

    /// The provider without fields that affect no plan: also without those that only affect how a plan is applied, such as the dry run
    /// and the lifetime of an approval.
    package var planShape: EntraProvider { without([.nothing, .run]) }

    private func without(_ effects: Set<FieldEffect>) -> EntraProvider {
        var provider = self
        for field in ProviderSettings.fields where effects.contains(field.effect) {
            field.reset(&provider.settings, to: .blank)
        }
        return provider
    }
}
