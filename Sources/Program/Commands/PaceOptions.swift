import ArgumentParser
import CausewayGraph
import CausewayProvisioning
import Foundation
import Logging

/// How fast a run sends requests.
struct PaceOptions: ParsableArguments {
    @Flag(help: "Slow down only when the tenant throttles, instead of pacing by Microsoft's documented limits.")
    var unpaced = false

    func runtime(_ data: DataOptions) throws -> ProvisioningRuntime {
        let timing = try TimingSettings(environment: ProcessInfo.processInfo.environment)
        let settings = try data.settings()
        return try .load(
            mappings: settings.mappingHost(),
            limits: unpaced ? nil : .documented,
            consistencyWindow: timing.consistencyWindow,
            retries: RetryPolicy(firstPause: timing.retryPause),
            network: settings.network(),
            logger: .program
        )
    }
}
