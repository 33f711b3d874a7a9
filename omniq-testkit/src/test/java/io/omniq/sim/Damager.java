/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.sim;

import io.omniq.store.ListRequest;
import io.omniq.store.ListedObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/** Overwrites objects with rubbish, as a broken disk or a careless hand might. */
final class Damager implements Part {
    private static final List<String> PLACES = List.of("queues/", "queues/", "tasks/", "workers/", "results/");
    private static final List<byte[]> RUBBISH = List.of(
            new byte[0],
            new byte[] {(byte) 0xff, 0, (byte) 0xc3},
            bytes("{\"format\":1,\"task_id\":\"own"),
            bytes("[]"),
            bytes("null"),
            bytes("{}"),
            bytes("{\"format\":1,\"state\":\"flying\",\"put\":\"0\"}"));

    @Override
    public void begin(Scenario scenario) {
        if (scenario.plan.damages > 0) {
            Sim sim = scenario.sim;
            sim.spawn(sim.outside, () -> {
                for (int i = 0; i < scenario.plan.damages; i++) {
                    sim.pause(sim.upTo(Duration.ofSeconds(6)));
                    damage(scenario);
                }
            });
        }
    }

    private static void damage(Scenario scenario) {
        Sim sim = scenario.sim;
        String place = PLACES.get(sim.random.nextInt(PLACES.size()));
        List<ListedObject> lines =
                scenario.oracle.raw().list(ListRequest.of(place)).objects();
        if (!lines.isEmpty() && scenario.faults.on) {
            String key = lines.get(sim.random.nextInt(lines.size())).key();
            byte[] rubbish = RUBBISH.get(sim.random.nextInt(RUBBISH.size()));
            scenario.oracle.damage(scenario.oracle.raw().get(key).orElseThrow(), rubbish);
            scenario.trace.add(sim.nanos(), "damager", "damage", key, "", rubbish);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
