import CausewayModel
import CausewayStore

/// Says why a provider, or a plan of it, cannot be run now.
enum RunReadiness {
    /// - Throws: ``ProvisioningError`` if the scope is unknown.
    static func check(_ provider: EntraProvider) throws {
        if let group = provider.vanishedFilterGroup {
            throw ProvisioningError(
                "The filter group '\(group)' of '\(provider.name)' was deleted; choose another group, or none. Until then nothing is "
                    + "synced, since all users would be in scope."
            )
        }
        guard provider.application != nil else {
            throw ProvisioningError(
                "'\(provider.name)' is not assigned to an application; select it as a backchannel provider of one."
            )
        }
    }

    /// Refuses to apply a run that is not a plan of this provider waiting to be applied.
    ///
    /// - Throws: ``StalePlanError``.
    static func check(_ instruction: RunInstruction, _ provider: EntraProvider, in transaction: Transaction) throws {
        guard case .applyPlan(let id) = instruction.mode else { return }
        guard let plan = try transaction.run(id), plan.provider == provider.id else {
            throw StalePlanError("There is no plan '\(id.text)' of '\(provider.name)'.")
        }
        let isFirst = try transaction.waitsForFirstSync(plan)
        guard plan.status == .planned || isFirst else {
            throw StalePlanError(
                "Run \(id.text) is not a plan that can be applied; its status is '\(plan.status.rawValue)'."
            )
        }
        guard instruction.mode(at: provider) == instruction.mode else {
            throw StalePlanError("'\(provider.name)' is set to dry run, so no plan is applied.")
        }
    }
}
