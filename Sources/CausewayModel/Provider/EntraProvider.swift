/// A Microsoft Entra provider: the settings of one tenant to provision.
@dynamicMemberLookup
package struct EntraProvider: Hashable, Sendable {
    package let id: ProviderID
    package var settings: ProviderSettings
    /// The application it serves; without one nothing is provisioned.
    package var application: ApplicationID?
    /// The name of a filter group that was deleted: the provider stands still until an administrator chooses another,
    /// because going on would widen the scope to everyone.
    package var vanishedFilterGroup: String?
    /// Whether only selected groups are provisioned. It stays true when the last selected group is deleted, for the same
    /// reason.
    package var selectsGroups: Bool

    package init(
        id: ProviderID,
        settings: ProviderSettings,
        application: ApplicationID? = nil,
        vanishedFilterGroup: String? = nil,
        selectsGroups: Bool? = nil
    ) {
        self.id = id
        self.settings = settings
        self.application = application
        self.vanishedFilterGroup = vanishedFilterGroup
        self.selectsGroups = selectsGroups ?? !settings.groups.isEmpty
    }

    package subscript<Value>(dynamicMember path: KeyPath<ProviderSettings, Value>) -> Value {
        settings[keyPath: path]
    }
}

extension EntraProvider {
    /// The provider without what changes nothing in the tenant, to see whether two states of it would provision the same.
    package var meaning: EntraProvider { without([.nothing]) }

    /// The provider without what changes no plan and nothing of what waits: also without what is about carrying out alone, such as the
    /// dry run, and the time that a decision is good for.
    package var planShape: EntraProvider { without([.nothing, .run]) }

    private func without(_ effects: Set<FieldEffect>) -> EntraProvider {
        var provider = self
        for field in ProviderSettings.fields where effects.contains(field.effect) {
            field.reset(&provider.settings, to: .blank)
        }
        return provider
    }
}
