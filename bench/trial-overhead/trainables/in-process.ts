import { measuredTrial } from '../measured-trial.ts';

export default measuredTrial('process');
